import type { Operation, QueryMember } from "./operation.ts";
import { invalidRequest, WireError } from "./wire-error.ts";

type Members = Record<string, unknown>;

/** The body's members, or why there are none. What has no body by its method is not read. */
export function parsedBody({ method }: Operation, body: Buffer): Members | WireError {
  if (method === "GET" || method === "DELETE" || body.length === 0) return {};
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return invalidRequest("The body is not UTF-8.");
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isMembers(value)) return value;
    return invalidRequest("The body is not a JSON object.");
  } catch {
    return invalidRequest("The body is not JSON.");
  }
}

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** All members of the input: those of the body, of the query, and of the path. */
export function membersOf(
  operation: Operation,
  body: Members,
  labels: Record<string, string>,
  query: string,
): Members {
  const members: Members = { ...body };
  const given = pairsOf(query);
  for (const [member, how] of Object.entries(operation.query ?? {})) {
    const values = given.filter(([name]) => name === how.name).map(([, value]) => value);
    if (values.length > 0) members[member] = queryValue(values, how);
  }
  for (const [member, text] of Object.entries(labels)) members[member] = decoded(text, "path");
  return members;
}

// What is not a number stays a text, so that the operation's own schema refuses it by name.
function queryValue(values: string[], { as }: QueryMember): unknown {
  if (as === "texts") return values;
  const value = values.at(-1) ?? "";
  return as === "number" && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value;
}

function pairsOf(query: string): [name: string, value: string][] {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      return [decoded(name, "query"), decoded(value.replaceAll("+", " "), "query")];
    });
}

function decoded(text: string, where: "path" | "query"): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidRequest(`The ${where} is not properly percent-encoded.`);
  }
}

/** For the request log, whatever else is wrong. */
export function tokenOf(members: Members | WireError): string | null {
  if (members instanceof WireError) return null;
  const token = members["ClientToken"];
  // A slice of a longer text would keep all of it in memory.
  return typeof token === "string" && token.length <= 500 ? token : null;
}
