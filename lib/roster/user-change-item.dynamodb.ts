import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { type UserChange, type UserPart, userChangeSchema, userParts } from "./user-change.ts";

/**
 * An item of the table `user-changes` has `deed`, what was begun, and `end`, how that ended. Each part that was begun has two
 * attributes, null for what there is not.
 */
export const beforeOf = (part: UserPart): string => `before:${part}`;
export const afterOf = (part: UserPart): string => `after:${part}`;

export function changeIn(item: Record<string, AttributeValue>): UserChange {
  const { end = "begun", deed = "unchanged", ...fields } = unmarshall(item);
  const changes = userParts
    .filter((part) => afterOf(part) in fields)
    .map((part) => ({
      part,
      ...present("before", fields[beforeOf(part)]),
      ...present("after", fields[afterOf(part)]),
    }));
  return v.parse(userChangeSchema, { ...fields, state: end === "done" ? deed : end, changes });
}

const present = (name: string, value: unknown) => value !== null && { [name]: value };
