import type { Filter } from "scim2-parse-filter";
import * as v from "valibot";
import { invalidValue, ScimFault } from "./fault.ts";
import { matcherOf } from "./match.ts";
import { filterOf } from "./path.ts";
import { type ScimRecord, userKeyIn, userKeyOf } from "./record.ts";
import { resourceOf } from "./resource.ts";
import { userAttributes, withoutCore } from "./schema.ts";
import type { ScimUsers } from "./scim-users.ts";
import { externalId } from "./user.ts";

const usualCount = 100;
export const mostCount = 200;
/** So many users are looked at for a filter that no index answers. */
const mostLookedAt = 20_000;

export interface Page {
  records: ScimRecord[];
  totalResults: number;
  startIndex: number;
}

/** The page of users that the query parameters ask for, in the order in which the users came. @throws ScimFault */
export async function listUsers(query: Record<string, string>, users: ScimUsers): Promise<Page> {
  const startIndex = Math.max(1, numberIn(query["startIndex"], 1));
  const count = Math.min(mostCount, Math.max(0, numberIn(query["count"], usualCount)));
  const from = startIndex - 1;
  if (query["filter"] === undefined) {
    const keys = await users.keys();
    const records = await users.findAll(keys.slice(from, from + count));
    return { records: records.filter(isThere), totalResults: keys.length, startIndex };
  }
  const matching = await matchingUsers(filterOf(query["filter"], "invalidFilter"), users);
  return { records: matching.slice(from, from + count), totalResults: matching.length, startIndex };
}

async function matchingUsers(filter: Filter, users: ScimUsers): Promise<ScimRecord[]> {
  const keys = (await keysFor(filter, users)) ?? (await users.keys());
  if (keys.length > mostLookedAt)
    throw new ScimFault(400, "tooMany", "for so many users, filter by userName, externalId or id");
  const matches = matcherOf(filter, userAttributes);
  const records = await users.findAll(keys);
  return records.filter((record) => isThere(record) && matches(resourceOf(record, "")));
}

/** The keys among which those must be that a filter is true of, where an index knows them. */
async function keysFor(filter: Filter, users: ScimUsers): Promise<string[] | undefined> {
  if (filter.op === "and") {
    for (const part of filter.filters) {
      const keys = await keysFor(part, users);
      if (keys) return keys;
    }
    return undefined;
  }
  if (filter.op !== "eq" || typeof filter.compValue !== "string") return undefined;
  const { compValue } = filter;
  switch (withoutCore(filter.attrPath).toLowerCase()) {
    case "username":
      return [userKeyOf(compValue)];
    case "id":
      return [userKeyIn(compValue) ?? []].flat();
    case "externalid":
      // What nobody can have may be longer than a key of an index.
      return v.is(externalId, compValue) ? users.keysOfExternalId(compValue) : [];
    default:
      return undefined;
  }
}

const isThere = ({ deleted }: ScimRecord): boolean => !deleted;

function numberIn(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^[+-]?\d{1,9}$/.test(text.trim())) throw invalidValue("startIndex and count must be whole numbers");
  return Number(text);
}
