export type JsonFlaw = "repeated-key" | "forbidden-key" | "too-deep";

/** For what they can do to an object that somebody builds of them. */
export const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export const deepest = 32;
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/**
 * What JSON.parse lets pass in silence: of a key that comes twice it keeps the last, while others keep the first.
 * @param json valid JSON
 */
export function flawIn(json: string): JsonFlaw | undefined {
  /** The keys of each object that is open; an array has none. */
  const open: (Set<string> | undefined)[] = [];
  let text = '""';
  for (const [token] of json.matchAll(tokens)) {
    if (token === "{" || token === "[") {
      if (open.length === deepest) return "too-deep";
      open.push(token === "{" ? new Set() : undefined);
    } else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const key = String(JSON.parse(text));
      if (forbiddenKeys.has(key)) return "forbidden-key";
      if (open.at(-1)?.has(key)) return "repeated-key";
      open.at(-1)?.add(key);
    } else text = token;
  }
  return undefined;
}
