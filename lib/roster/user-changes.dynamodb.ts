import { type AttributeValue, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { withoutUndefined } from "../contacts/without-undefined.ts";
import {
  type Deed,
  type PartChange,
  type SettledChange,
  settledChangeSchema,
  type UserChange,
  type UserPart,
  userParts,
} from "./user-change.ts";
import { afterOf, beforeOf, changeIn } from "./user-change-item.dynamodb.ts";
import type { CommandEntry, End, UserChanges } from "./user-changes.ts";

type Item = Record<string, AttributeValue>;

interface Update {
  set?: Record<string, unknown>;
  /** Set where there is nothing yet. */
  first?: Record<string, unknown>;
  remove?: string[];
}

/** Writes the table `user-changes`: every change of it is one UpdateItem without a condition, so it may meet itself. */
export class DynamoUserChanges implements UserChanges {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly keepMs: number;
  private readonly now: () => number;

  constructor(client: DynamoDBClient, table: string, keepMs: number, now: () => number) {
    this.client = client;
    this.table = table;
    this.keepMs = keepMs;
    this.now = now;
  }

  async begin(entry: CommandEntry, deed: Deed, changes: PartChange[]): Promise<UserChange> {
    const before = changes.map(({ part, before = null }) => [beforeOf(part), before]);
    const after = changes.map(({ part, after = null }) => [afterOf(part), after]);
    const item = await this.update(entry, {
      set: { deed, ...Object.fromEntries(after) },
      first: Object.fromEntries(before),
      remove: ["end", "why"],
    });
    return changeIn(item);
  }

  async withdraw(entry: CommandEntry): Promise<void> {
    await this.update(entry, { remove: allBut([]) });
  }

  async settle(entry: CommandEntry, end: End): Promise<SettledChange> {
    return v.parse(settledChangeSchema, changeIn(await this.update(entry, updateOf(end))));
  }

  private async update({ username, order, ...command }: CommandEntry, update: Update): Promise<Item> {
    const now = this.now();
    const expiresAt = Math.ceil((now + this.keepMs) / 1000);
    const set = Object.entries({ ...withoutUndefined(command), expiresAt, ...update.set });
    const first = Object.entries({ at: new Date(now).toISOString(), ...update.first });
    const remove = update.remove ?? [];
    const values = [...set, ...first].map(([, value]) => value);
    const names = [...[...set, ...first].map(([name]) => name), ...remove];
    const clauses = names.map((_, index) => {
      if (index < set.length) return `#${index} = :${index}`;
      return index < values.length ? `#${index} = if_not_exists(#${index}, :${index})` : `#${index}`;
    });
    const removal = remove.length > 0 ? ` REMOVE ${clauses.slice(values.length).join(", ")}` : "";
    const { Attributes = {} } = await this.client.send(
      new UpdateItemCommand({
        TableName: this.table,
        Key: marshall({ username, order }),
        UpdateExpression: `SET ${clauses.slice(0, values.length).join(", ")}${removal}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#${index}`, name])),
        ExpressionAttributeValues: marshall(
          Object.fromEntries(values.map((value, index) => [`:${index}`, value])),
          { removeUndefinedValues: true },
        ),
        ReturnValues: "ALL_NEW",
      }),
    );
    return Attributes;
  }
}

/** The attributes of what was begun, without those of these parts. */
const allBut = (made: UserPart[]): string[] => [
  ...userParts.filter((part) => !made.includes(part)).flatMap((part) => [beforeOf(part), afterOf(part)]),
  ...(made.length === 0 ? ["deed"] : []),
];

function updateOf(end: End): Update {
  switch (end.kind) {
    case "done":
      return { set: { end: end.kind }, remove: ["why"] };
    case "superseded":
      return { first: { end: end.kind } };
    case "refused":
      return { set: { end: end.kind, why: end.why }, remove: end.made ? allBut(end.made) : [] };
  }
}
