import * as v from "valibot";

/** The secrets that a source's webhooks may be signed with; none where there are none, or none that can be used. */
export interface Secrets {
  of(source: string): Promise<string[]>;
  /** For a signature that is by none of those: as they are now, in so far as one may ask again already. */
  again(source: string): Promise<string[]>;
}

interface Parameters {
  get(name: string): Promise<string | undefined>;
  getAgain(name: string): Promise<string | undefined>;
}

/** @param path of the parameters, each named as its source */
export const secretsFrom = (parameters: Parameters, path: string): Secrets => ({
  of: async (source) => secretsIn(await parameters.get(`${path}/${source}`)),
  again: async (source) => secretsIn(await parameters.getAgain(`${path}/${source}`)),
});

const secret = v.pipe(v.string(), v.trim(), v.minLength(16), v.maxLength(512));
const several = v.pipe(
  v.string(),
  v.parseJson(),
  v.strictObject({ secrets: v.pipe(v.array(secret), v.minLength(1), v.maxLength(4)) }),
  v.transform(({ secrets }) => secrets),
);

/** `{"secrets":["…","…"]}`, or one secret as it is. What is neither, or too short to be safe, is no secret. */
function secretsIn(parameter: string | undefined): string[] {
  const isJson = parameter?.trimStart().startsWith("{");
  const parsed = isJson ? v.safeParse(several, parameter) : v.safeParse(v.tuple([secret]), [parameter]);
  return parsed.success ? parsed.output : [];
}
