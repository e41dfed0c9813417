import {
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  type QueryCommandInput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { batchOf, largestBatch } from "../batch-get.dynamodb.ts";
import { held } from "../held.dynamodb.ts";
import { inParallel, portions } from "../portions.ts";
import { recordSchema, type ScimRecord } from "./record.ts";
import type { ScimUsers } from "./scim-users.ts";

const batchesAtOnce = 8;

const keySchema = v.object({ userKey: v.string() });
const itemSchema = v.object({
  ...recordSchema.entries,
  deleted: v.optional(v.boolean(), false),
  unsent: v.optional(v.string()),
});

function recordOf(item: Parameters<typeof unmarshall>[0]): ScimRecord {
  const { unsent, ...record } = v.parse(itemSchema, unmarshall(item));
  return { ...record, unsent: unsent !== undefined };
}

/** The table `scim-users`: one item for each user, every change one conditional write. */
export class DynamoScimUsers implements ScimUsers {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async find(userKey: string): Promise<ScimRecord | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: marshall({ userKey }), ConsistentRead: true }),
    );
    return Item && recordOf(Item);
  }

  async findAll(userKeys: string[]): Promise<ScimRecord[]> {
    const found = new Map<string, ScimRecord>();
    await inParallel(portions(userKeys, largestBatch), batchesAtOnce, async (portion) => {
      const keys = portion.map((userKey) => marshall({ userKey }));
      const records = (await batchOf(this.client, this.table, keys)).map(recordOf);
      for (const record of records) found.set(record.userKey, record);
    });
    return userKeys.flatMap((userKey) => found.get(userKey) ?? []);
  }

  keys(): Promise<string[]> {
    return this.queried("by-creation", {
      KeyConditionExpression: "listed = :listed",
      ExpressionAttributeValues: marshall({ ":listed": "User" }),
    });
  }

  keysOfExternalId(externalId: string): Promise<string[]> {
    return this.queried("by-external-id", {
      KeyConditionExpression: "externalId = :externalId",
      ExpressionAttributeValues: marshall({ ":externalId": externalId }),
    });
  }

  unsentKeys(changedBefore: string): Promise<string[]> {
    return this.queried("unsent", {
      KeyConditionExpression: "unsent = :unsent AND changedAt < :before",
      ExpressionAttributeValues: marshall({ ":unsent": "unsent", ":before": changedBefore }),
    });
  }

  write(record: ScimRecord, before: ScimRecord | undefined): Promise<boolean> {
    const condition = before ? conditionOf(before) : { ConditionExpression: "attribute_not_exists(userKey)" };
    return held(() =>
      this.client.send(new PutItemCommand({ TableName: this.table, Item: itemOf(record), ...condition })),
    );
  }

  async sent(record: ScimRecord): Promise<void> {
    const where = {
      TableName: this.table,
      Key: marshall({ userKey: record.userKey }),
      ...conditionOf(record),
    };
    await held(() =>
      record.deleted
        ? this.client.send(new DeleteItemCommand(where))
        : this.client.send(new UpdateItemCommand({ ...where, UpdateExpression: "REMOVE unsent" })),
    );
  }

  private async queried(
    IndexName: string,
    query: Pick<QueryCommandInput, "KeyConditionExpression" | "ExpressionAttributeValues">,
  ): Promise<string[]> {
    const keys: string[] = [];
    const pages = paginateQuery({ client: this.client }, { TableName: this.table, IndexName, ...query });
    for await (const { Items = [] } of pages)
      for (const item of Items) keys.push(v.parse(keySchema, unmarshall(item)).userKey);
    return keys;
  }
}

/** A later user of the same name begins to count anew. */
const conditionOf = ({ id, version }: ScimRecord) => ({
  ConditionExpression: "id = :id AND version = :version",
  ExpressionAttributeValues: marshall({ ":id": id, ":version": version }),
});

/** What is deleted is in no list; the index of what is unsent has nothing else. */
function itemOf({ unsent, deleted, ...record }: ScimRecord) {
  const { externalId } = record.user;
  return marshall(
    {
      ...record,
      ...(unsent && { unsent: "unsent" }),
      ...(deleted ? { deleted } : { listed: "User", place: `${record.createdAt}#${record.id}`, externalId }),
    },
    { removeUndefinedValues: true },
  );
}
