import { type Filter, parse } from "scim2-parse-filter";
import { ScimFault } from "./fault.ts";
import {
  type Attribute,
  agent,
  agentUrn,
  attributeNamed,
  coreUrn,
  isKept,
  userAttributes,
} from "./schema.ts";

/** What an operation of PATCH is about. */
export type Target =
  | { kind: "agent" }
  | {
      kind: "attribute";
      /** Of our extension. */
      ofAgent: boolean;
      attribute: Attribute;
      /** Which of several values; all without it. */
      filter?: Filter | undefined;
      sub?: Attribute | undefined;
    }
  /** Attributes of RFC 7643 and of its extension for enterprises that are not kept. */
  | { kind: "not-kept" };

/** Longer than any that means something, and so short that parsing it exhausts nothing. */
export const longestFilter = 1_000;

const pathForm = /^(?<name>[A-Za-z][\w$-]*)(?:\[(?<filter>.+)\])?(?:\.(?<sub>[A-Za-z$][\w$-]*))?$/s;

/** @throws ScimFault */
export function targetOf(path: string): Target {
  if (path.length > longestFilter) throw invalidPath();
  const { urn, rest } = withoutUrn(path);
  if (urn === agentUrn && rest === "") return { kind: "agent" };
  if (urn !== undefined && urn !== agentUrn && urn !== coreUrn) return { kind: "not-kept" };
  const { name = "", filter, sub } = pathForm.exec(rest)?.groups ?? {};
  if (urn !== agentUrn && !isKept(name)) return { kind: "not-kept" };
  const attributes = urn === agentUrn ? agent.attributes : userAttributes;
  const attribute = attributeNamed(name, attributes);
  if (!attribute || (filter !== undefined && !attribute.multiValued)) throw invalidPath();
  const subAttribute = sub === undefined ? undefined : attributeNamed(sub, attribute.subAttributes ?? []);
  if (sub !== undefined && !subAttribute) throw invalidPath();
  return {
    kind: "attribute",
    ofAgent: urn === agentUrn,
    attribute,
    filter: filter === undefined ? undefined : filterOf(filter, "invalidPath"),
    sub: subAttribute,
  };
}

/** @throws ScimFault */
export function filterOf(text: string, scimType: "invalidFilter" | "invalidPath"): Filter {
  try {
    if (text.length <= longestFilter) return parse(text);
  } catch {
    // What the parser says of it quotes it.
  }
  throw new ScimFault(400, scimType, "the filter is not understood");
}

/** The dot of `2.0` is no end of a name: a URN is known by its beginning, and what is ours by all of it. */
function withoutUrn(path: string): { urn?: string; rest: string } {
  if (!/^urn:/i.test(path)) return { rest: path };
  const urn = [agentUrn, coreUrn].find(
    (one) =>
      path.toLowerCase() === one.toLowerCase() || path.toLowerCase().startsWith(`${one.toLowerCase()}:`),
  );
  return { urn: urn ?? path, rest: urn === undefined ? "" : path.slice(urn.length + 1) };
}

const invalidPath = () => new ScimFault(400, "invalidPath", "the path names no attribute of a user");
