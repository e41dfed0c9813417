/** Why a body cannot be read as JSON: closed words, for logs; `jsonFlaws` has what is said of each. */
export type JsonFlaw =
  | "not-utf8"
  | "byte-order-mark"
  | "not-json"
  | "repeated-key"
  | "forbidden-key"
  | "too-deep";

export type JsonReading = { kind: "read"; value: unknown } | { kind: "unreadable"; why: JsonFlaw };

/** For what they can do to an object that somebody builds of them. */
export const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Beyond any message of ours, and far below what would exhaust the stack of whoever walks through it. */
const deepest = 32;

export const jsonFlaws = {
  "not-utf8": "It is not UTF-8.",
  "byte-order-mark": "It begins with a byte order mark.",
  "not-json": "It is not JSON.",
  "repeated-key": "It has a key twice.",
  "forbidden-key": `It has one of the keys ${[...forbiddenKeys].join(", ")}.`,
  "too-deep": `It is nested more than ${deepest} deep.`,
} satisfies Record<JsonFlaw, string>;

const unreadable = (why: JsonFlaw): JsonReading => ({ kind: "unreadable", why });

export function readJson(body: Buffer): JsonReading {
  const reading = readText(body);
  if (reading.kind === "unreadable") return reading;
  let value: unknown;
  try {
    value = JSON.parse(reading.value);
  } catch {
    return unreadable("not-json");
  }
  const flaw = flawIn(reading.value);
  return flaw ? unreadable(flaw) : { kind: "read", value };
}

export function readText(
  body: Buffer,
): { kind: "read"; value: string } | { kind: "unreadable"; why: JsonFlaw } {
  try {
    const value = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    return value.startsWith("\uFEFF")
      ? { kind: "unreadable", why: "byte-order-mark" }
      : { kind: "read", value };
  } catch {
    return { kind: "unreadable", why: "not-utf8" };
  }
}

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
