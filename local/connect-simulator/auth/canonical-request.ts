import { createHash } from "node:crypto";
import { splitTarget } from "../wire/http.ts";

/**
 * A request as it came. `target` and `rawHeaders` are node's `url` and `rawHeaders`: one character for each byte.
 * Everything here keeps to that, so that no two byte sequences have one canonical form by way of a decoding.
 */
export type SignedRequest = {
  method: string;
  target: string;
  rawHeaders: readonly string[];
  body: string | Buffer;
};

type Canonical = { signedHeaders: readonly string[]; payloadHash: string; presigned: boolean };

/** The text whose hash is signed. */
export function canonicalRequest(request: SignedRequest, canonical: Canonical): string {
  const { path, query } = splitTarget(request.target);
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query, canonical.presigned),
    ...canonical.signedHeaders.map((name) => `${name}:${headerOf(request, name) ?? ""}`),
    "",
    canonical.signedHeaders.join(";"),
    canonical.payloadHash,
  ].join("\n");
}

/** What is percent-encoded already is encoded once more: so do all services but S3. */
export function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(encoded(segment));
  }
  const end = segments.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${segments.join("/")}${end}`;
}

function canonicalQuery(query: string, presigned: boolean): string {
  return queryPairs(query)
    .filter(([name]) => !(presigned && name === "X-Amz-Signature"))
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([name, value], [other, otherValue]) => compare(name, other) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** The decoded parameters in their order. A plus is a plus, not a space. */
export function queryPairs(query: string): [name: string, value: string][] {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [decoded(pair), ""] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
    });
}

/** All values of a header, trimmed and joined by commas; undefined when it is not there. */
export function headerOf({ rawHeaders }: SignedRequest, lowerCaseName: string): string | undefined {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() !== lowerCaseName) continue;
    values.push((rawHeaders[index + 1] ?? "").replace(/[ \t\r\n]+/g, " ").replace(/^ | $/g, ""));
  }
  return values.length === 0 ? undefined : values.join(",");
}

/** Hexadecimal. A text is hashed as UTF-8. */
export const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");

const encoded = (bytes: string): string =>
  bytes.replace(
    /[^A-Za-z0-9\-._~]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );

const decoded = (text: string): string =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
