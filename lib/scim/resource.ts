import { invalidValue } from "./fault.ts";
import { longestFilter } from "./path.ts";
import { etagOf, type ScimRecord } from "./record.ts";
import { agentUrn, coreUrn, withoutCore } from "./schema.ts";
import { isObject, type Json } from "./value.ts";

/** What an identity provider is shown of a user. @param base where the API is, such as https://host/scim/v2 */
export function resourceOf(record: ScimRecord, base: string): Json {
  const { id, createdAt, changedAt, user } = record;
  return {
    schemas: [coreUrn, ...(user[agentUrn] ? [agentUrn] : [])],
    id,
    ...user,
    meta: {
      resourceType: "User",
      created: createdAt,
      lastModified: changedAt,
      location: locationOf(id, base),
      version: etagOf(record),
    },
  };
}

export const locationOf = (id: string, base: string): string => `${base}/Users/${id}`;

type Selection = (resource: Json) => Json;

/** The query parameters `attributes` and `excludedAttributes`; what is always returned stays. @throws ScimFault */
export function selectionIn({ attributes, excludedAttributes }: Record<string, string>): Selection {
  if (attributes !== undefined) {
    const wanted = namesIn(attributes);
    return (resource) => ({ ...picked(resource, wanted), schemas: resource["schemas"], id: resource["id"] });
  }
  if (excludedAttributes === undefined) return (resource) => resource;
  const unwanted = namesIn(excludedAttributes);
  return (resource) => ({ ...left(resource, unwanted), schemas: resource["schemas"], id: resource["id"] });
}

function namesIn(list: string): string[] {
  if (list.length > longestFilter) throw invalidValue("too many attributes are named");
  return list.split(",").map((name) => withoutCore(name.trim()).toLowerCase());
}

/** @param wanted names, and paths of sub-attributes, which of our extension's are behind a colon */
function picked(from: Json, wanted: string[]): Json {
  return selected(from, (name, value) => {
    if (wanted.includes(name)) return value;
    const subs = subsOf(name, wanted);
    return subs.length === 0 ? undefined : each(value, (one) => picked(one, subs));
  });
}

function left(from: Json, unwanted: string[]): Json {
  return selected(from, (name, value) => {
    if (unwanted.includes(name)) return undefined;
    const subs = subsOf(name, unwanted);
    return subs.length === 0 ? value : each(value, (one) => left(one, subs));
  });
}

function selected(from: Json, select: (name: string, value: unknown) => unknown): Json {
  const entries = Object.entries(from).map(
    ([name, value]) => [name, select(name.toLowerCase(), value)] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

const subsOf = (name: string, paths: string[]): string[] =>
  paths
    .filter((path) => path.startsWith(`${name}.`) || path.startsWith(`${name}:`))
    .map((path) => path.slice(name.length + 1));

function each(value: unknown, select: (one: Json) => Json): unknown {
  if (Array.isArray(value)) return value.map((one) => each(one, select));
  return isObject(value) ? select(value) : value;
}
