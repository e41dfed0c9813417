/** EventBridge's event patterns, as far as rules of this service use them. Anything else is an error at start. */
export type EventPattern = { [key: string]: EventPattern | Matcher[] };
type Exact = string | number | boolean | null;
type Matcher = Exact | { prefix: string } | { exists: boolean } | { "anything-but": Exact | Exact[] };

/** @throws Error naming the place of what is not supported */
export function checkPattern(pattern: unknown, place = "the pattern"): asserts pattern is EventPattern {
  if (typeof pattern !== "object" || pattern === null || Array.isArray(pattern))
    throw new Error(`${place} must be an object`);
  for (const [key, value] of Object.entries(pattern)) {
    if (key.startsWith("$")) throw new Error(`${place} uses ${key}, ${unsupported}`);
    if (!Array.isArray(value)) checkPattern(value, `${place}.${key}`);
    else for (const matcher of value) checkMatcher(matcher, `${place}.${key}`);
  }
}

const unsupported = "which the local event bus does not support";
const isExact = (value: unknown): value is Exact => typeof value !== "object" || value === null;

function checkMatcher(matcher: unknown, place: string): void {
  if (typeof matcher !== "object" || matcher === null) return;
  const [[kind, operand] = ["nothing", undefined]] = Object.entries(matcher);
  const supported =
    (kind === "prefix" && typeof operand === "string") ||
    (kind === "exists" && typeof operand === "boolean") ||
    (kind === "anything-but" && (Array.isArray(operand) ? operand.every(isExact) : isExact(operand)));
  if (!supported) throw new Error(`${place} uses ${kind} ${JSON.stringify(operand)}, ${unsupported}`);
}

export function matches(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([key, expected]) => {
    const value =
      typeof event === "object" && event !== null ? (event as Record<string, unknown>)[key] : undefined;
    if (!Array.isArray(expected)) return matches(expected, value);
    const values = Array.isArray(value) ? value : [value];
    return expected.some((matcher) => values.some((one) => meets(matcher, one)));
  });
}

function meets(matcher: Matcher, value: unknown): boolean {
  if (typeof matcher !== "object" || matcher === null) return matcher === value;
  if ("exists" in matcher) return (value !== undefined) === matcher.exists;
  if ("prefix" in matcher) return typeof value === "string" && value.startsWith(matcher.prefix);
  const unwanted = matcher["anything-but"];
  return value !== undefined && !(Array.isArray(unwanted) ? unwanted : [unwanted]).includes(value as Exact);
}
