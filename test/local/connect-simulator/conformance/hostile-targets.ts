import { nastyText } from "./hostile-values.ts";
import { inputMembers, operationOf } from "./model.ts";
import type { Random } from "./random.ts";
import { pathOf } from "./requests.ts";
import type { Input } from "./sample.ts";

/** The path, the request line and all headers may have 16 KiB. */
const longest = 15_000;

/** As labels: not properly encoded, or nobody's id. */
const rawLabels: readonly string[] = [
  "%",
  "%Z",
  "%ZZ",
  "%u0041",
  "%C3%28",
  "%ED%A0%80",
  "%FF%FE",
  "%F4%90%80%80",
  "%00",
  "%0d%0ax-amzn-errortype:%20None",
  "%2e%2e",
  "..",
  ".",
  "",
  "%2F",
  "..%2F..%2Fetc%2Fpasswd",
  "%252e%252e",
  "__proto__",
  "constructor",
  "toString",
  "%F0%9F%92%A9",
  "\u00ff\u00fe",
  "arn:aws:connect:us-east-1:999999999999:instance%2Fnone",
  "*",
  ";",
  "@",
  "undefined",
  "null",
];

/** Undefined for a path without labels. */
export function badLabel(operation: string, input: Input, random: Random): string | undefined {
  const labels = inputMembers(operation).filter(({ location }) => location === "uri");
  if (labels.length === 0) return undefined;
  const { name } = random.pick(labels);
  const long = random.pick(["a", "%41", "%00", "%2e"]);
  const label = random.chance(0.1)
    ? long.repeat(Math.floor(random.below(longest) / long.length) || 1)
    : random.pick(rawLabels);
  return pathOf(operation, input, { [name]: label });
}

/** Of an input that is wrong for another reason: a server that tidies paths up refuses it too. */
export function trickyPath(path: string, random: Random): string {
  const segments = path.split("/");
  const at = 1 + random.below(segments.length - 1);
  const between = (text: string) => [...segments.slice(0, at), text, ...segments.slice(at)].join("/");
  return random.pick([
    () => `/${path}`,
    () => between(""),
    () => between("."),
    () => between(".."),
    () => `/x/..${path}`,
    () => `/%2e%2e${path}`,
    () => `${path}/`,
    () => `${path}/..`,
    () => `${path}%00`,
    () => `${path};a=b`,
    () => `${path}#x`,
    () => path.replaceAll("/", "//"),
    () => path.replaceAll("/", "\\"),
    () => path.replaceAll("/", "%2f"),
    () => path.toUpperCase(),
    () => `${path}${"/a".repeat(random.below(longest / 2 - 500))}`,
    () => `/${"a".repeat(random.below(longest))}`,
    () => between(encodeURIComponent(nastyText(random).slice(0, 300).toWellFormed())),
    () => "/",
    () => "*",
    () => `http://example.com${path}`,
  ])();
}

/** Methods that no operation has. */
export const strangeMethods: readonly string[] = [
  "PATCH",
  "OPTIONS",
  "TRACE",
  "PROPFIND",
  "LOCK",
  "SEARCH",
  "HEAD",
];

const badCounts = ["abc", "0", "-1", "1000000000", "1.5", "1e9", "NaN", "0x10", "1,2", "%ZZ", "%00", "١٠"];
const badTokens = ["garbage", "%00", "%FF", "null", "-1", "__proto__", "eyJhIjoxfQ%3D%3D", "..%2F.."];

/** Undefined for an operation that reads no query. */
export function badQuery(operation: string, random: Random): string | undefined {
  const members = inputMembers(operation).filter(({ location }) => location === "querystring");
  if (members.length === 0) return undefined;
  const bad = () => {
    const { name, wireName } = random.pick(members);
    if (name === "MaxResults") return `${wireName}=${encoded(random.pick(badCounts))}`;
    if (name === "NextToken") return `${wireName}=${random.pick(badTokens)}${"x".repeat(random.below(50))}`;
    return `${wireName}=${random.pick(["NOPE", "", "%ZZ", "__proto__", "STANDARD%00", "standard"])}`;
  };
  return Array.from({ length: 1 + random.below(4) }, bad).join("&");
}

const encoded = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, encodeURIComponent);

/** Queries that change nothing. */
export function idleQuery(random: Random): string {
  return random.pick([
    "%ZZ=%ZZ",
    "a=b&a=c&a",
    "&&&==&",
    "__proto__=1",
    "?".repeat(2_000),
    "X-Amz-Signature=00",
  ]);
}

export const hasBody = (operation: string): boolean =>
  operationOf(operation).method !== "GET" &&
  inputMembers(operation).some(({ location }) => location === "body");
