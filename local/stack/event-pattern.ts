/** EventBridge's event patterns, as far as rules of this service use them. Anything else is an error at start. */
export type EventPattern = { [key: string]: EventPattern | Matcher[] };
type Matcher =
  | string
  | number
  | boolean
  | null
  | { prefix: string }
  | { exists: boolean }
  | { "anything-but": unknown };

/** @throws Error naming the place of what is not supported */
export function checkPattern(pattern: unknown, place = "the pattern"): asserts pattern is EventPattern {
  if (typeof pattern !== "object" || pattern === null || Array.isArray(pattern))
    throw new Error(`${place} must be an object`);
  for (const [key, value] of Object.entries(pattern)) {
    if (!Array.isArray(value)) checkPattern(value, `${place}.${key}`);
    else for (const matcher of value) checkMatcher(matcher, `${place}.${key}`);
  }
}

function checkMatcher(matcher: unknown, place: string): void {
  if (typeof matcher !== "object" || matcher === null) return;
  const [kind] = Object.keys(matcher);
  if (kind !== "prefix" && kind !== "exists" && kind !== "anything-but") {
    throw new Error(`${place} uses ${kind}, which the local event bus does not support`);
  }
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
  return value !== undefined && !(Array.isArray(unwanted) ? unwanted : [unwanted]).includes(value);
}
