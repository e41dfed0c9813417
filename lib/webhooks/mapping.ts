import jsonata from "jsonata";

/** Brings a sender's body into the shape of our messages. */
export type Mapping = (body: unknown, headers: Record<string, string>) => Promise<Mapped>;

export type Mapped =
  /** `value` is undefined where the expression found nothing. */
  | { kind: "mapped"; value: unknown }
  /** Why: JSONata's code of the error. Its words may quote the body. */
  | { kind: "not-mapped"; why: string };

/**
 * What JSONata has and a mapping has not: what a body holds is never run, and the same webhook always makes the same messages,
 * whatever the time is. Of `$toMillis` that is left to the mapping: where the picture names no day, it takes the present one.
 */
const without = { eval: undefined, random: undefined, shuffle: undefined, now: undefined, millis: undefined };

/**
 * The body is a stranger's: what an expression may take of time (milliseconds), depth and length is bounded. Time is looked at from
 * step to step, so one call of a function (`$distinct` compares each with each) or a regular expression may take longer.
 */
const bounds = { timeout: 2_000, stack: 200, sequence: 10_000 };

/** @param source a JSONata expression */
export function mappingOf(
  source: string,
): { kind: "mapping"; mapping: Mapping } | { kind: "wrong"; why: string } {
  try {
    const expression = jsonata(source, bounds);
    return { kind: "mapping", mapping: (body, headers) => evaluate(expression, body, headers) };
  } catch (error) {
    const { message, position } = error as jsonata.JsonataError;
    return { kind: "wrong", why: `${message} (at character ${position})` };
  }
}

async function evaluate(
  expression: jsonata.Expression,
  body: unknown,
  headers: Record<string, string>,
): Promise<Mapped> {
  try {
    const result: unknown = await expression.evaluate(body, { headers, ...without });
    // JSONata marks its lists, and takes functions for values: what goes on is what JSON can say.
    const json = JSON.stringify(result);
    return { kind: "mapped", value: json === undefined ? undefined : JSON.parse(json) };
  } catch (error) {
    return { kind: "not-mapped", why: codeOf(error) };
  }
}

function codeOf(error: unknown): string {
  const code: unknown = typeof error === "object" && error !== null && Reflect.get(error, "code");
  return typeof code === "string" && /^[A-Z]\d{4}$/.test(code) ? code : "unknown";
}
