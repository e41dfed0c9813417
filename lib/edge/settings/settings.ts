import * as v from "valibot";

export type Fields = Record<string, v.GenericSchema<string | undefined, unknown>>;
export type Settings<F extends Fields> = { [Name in keyof F]: v.InferOutput<F[Name]> };

/**
 * @param fields what the function needs; each capability has its own in a file of its own, so that a bundle has no others
 * @throws one error that names everything that is missing or wrong
 */
export function settingsOf<F extends Fields>(
  functionName: string,
  fields: F,
  env: Record<string, string | undefined> = process.env,
): Settings<F> {
  const parsed = v.safeParse(v.object(fields), env);
  if (!parsed.success) {
    const problems = parsed.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
    throw new Error(`The settings of ${functionName} are not complete. ${problems.join(". ")}`);
  }
  return parsed.output as Settings<F>;
}
