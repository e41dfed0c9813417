import { randomUUID } from "node:crypto";
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, type NativeAttributeValue, unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { batchOf, largestBatch } from "../batch-get.dynamodb.ts";
import { held } from "../held.dynamodb.ts";
import { portions } from "../portions.ts";
import {
  type CallRecord,
  callRecordSchema,
  campaignShardOf,
  checkShardOf,
  checkShards,
} from "./call-record.ts";
import { priorStates } from "./contact-states.ts";
import { type Change, type Contacts, type FirstRecord, iso, type Written } from "./contacts.ts";

type Item = Record<string, never> | Parameters<typeof unmarshall>[0];

const pageSize = 100;

/** The table `contacts`: one item per call request, every change one conditional write. */
export class DynamoContacts implements Contacts {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async look(requestIds: string[]): Promise<Map<string, CallRecord>> {
    const found = new Map<string, CallRecord>();
    const keys = [...new Set(requestIds)].map((requestId) => marshall({ requestId }));
    for (const portion of portions(keys, largestBatch)) {
      for (const item of await batchOf(this.client, this.table, portion)) {
        const record = recordOf(item);
        found.set(record.requestId, record);
      }
    }
    return found;
  }

  async add(first: FirstRecord, now: number): Promise<Written> {
    const at = iso(now);
    const record: CallRecord = {
      ...first,
      revision: 1,
      lastWrite: randomUUID(),
      createdAt: at,
      updatedAt: at,
    };
    if (record.checkAt) record.checkShard = checkShardOf(record.requestId);
    if (record.campaignId) record.campaignShard = campaignShardOf(record.campaignId, record.requestId);
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.table,
          Item: marshall(record, { removeUndefinedValues: true }),
          ConditionExpression: "attribute_not_exists(requestId)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { kind: "written", record };
    } catch (error) {
      return this.overtaken(error, record.requestId, record.lastWrite);
    }
  }

  async change(change: Change, now: number): Promise<Written> {
    const lastWrite = randomUUID();
    const update = updateOf(change, lastWrite, iso(now));
    try {
      const { Attributes } = await this.client.send(
        new UpdateItemCommand({
          TableName: this.table,
          Key: marshall({ requestId: change.requestId }),
          ...update,
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { kind: "written", record: recordOf(Attributes ?? {}) };
    } catch (error) {
      return this.overtaken(error, change.requestId, lastWrite);
    }
  }

  async checkLater(record: CallRecord, at: number | undefined): Promise<boolean> {
    const later =
      at === undefined
        ? "REMOVE checkAt, checkShard, untold"
        : "SET checkAt = :at, checkShard = :shard REMOVE untold";
    return held(() =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.table,
          Key: marshall({ requestId: record.requestId }),
          UpdateExpression: later,
          ConditionExpression: "revision = :revision",
          ExpressionAttributeValues: marshall({
            ":revision": record.revision,
            ...(at !== undefined && { ":at": iso(at), ":shard": checkShardOf(record.requestId) }),
          }),
        }),
      ),
    );
  }

  async requestIdOf(contactId: string): Promise<string | undefined> {
    const { Items } = await this.client.send(
      new QueryCommand({
        TableName: this.table,
        IndexName: "by-contact",
        KeyConditionExpression: "contactId = :contactId",
        ExpressionAttributeValues: marshall({ ":contactId": contactId }),
        Limit: 1,
      }),
    );
    const requestId: NativeAttributeValue = Items?.[0] && unmarshall(Items[0])["requestId"];
    return typeof requestId === "string" ? requestId : undefined;
  }

  async *ofCampaign(campaignShard: string, after?: string): AsyncIterable<string[]> {
    const pages = paginateQuery(
      { client: this.client, pageSize },
      {
        TableName: this.table,
        IndexName: "by-campaign",
        KeyConditionExpression: "campaignShard = :shard",
        ExpressionAttributeValues: marshall({ ":shard": campaignShard }),
        ...(after !== undefined && { ExclusiveStartKey: marshall({ campaignShard, requestId: after }) }),
      },
    );
    for await (const { Items } of pages) yield (Items ?? []).map(requestIdIn);
  }

  toCheck(until: number): AsyncIterable<string[]>[] {
    return checkShards.map((shard) => this.toCheckOf(shard, until));
  }

  private async *toCheckOf(shard: string, until: number): AsyncIterable<string[]> {
    const pages = paginateQuery(
      { client: this.client, pageSize },
      {
        TableName: this.table,
        IndexName: "to-check",
        KeyConditionExpression: "checkShard = :shard AND checkAt <= :until",
        ExpressionAttributeValues: marshall({ ":shard": shard, ":until": iso(until) }),
      },
    );
    for await (const { Items } of pages) yield (Items ?? []).map(requestIdIn);
  }

  /** A write that the SDK repeated after a lost reply meets itself, which is a success. */
  private async overtaken(error: unknown, requestId: string, lastWrite: string): Promise<Written> {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const record = error.Item ? recordOf(error.Item) : await this.read(requestId);
    if (record?.lastWrite === lastWrite) return { kind: "written", record };
    return { kind: "overtaken", record, ...((error.$metadata.attempts ?? 1) > 1 && { repeated: true }) };
  }

  private async read(requestId: string): Promise<CallRecord | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: marshall({ requestId }), ConsistentRead: true }),
    );
    return Item && recordOf(Item);
  }
}

const requestIdIn = (item: Item): string => String(unmarshall(item)["requestId"]);

function recordOf(item: Item): CallRecord {
  return v.parse(callRecordSchema, unmarshall(item));
}

/** The write condition is read off the table of states, the fences off the change. */
function updateOf(change: Change, lastWrite: string, at: string) {
  const from = change.amend ? [change.to] : change.from ? [change.from] : priorStates(change.to);
  // Deadlines are reckoned from the last news.
  const set = { ...change.set, state: change.to, lastWrite, ...(!change.quietly && { updatedAt: at }) };
  if (set.checkAt) set.checkShard = checkShardOf(change.requestId);
  if (set.campaignId) set.campaignShard = campaignShardOf(set.campaignId, change.requestId);
  const remove = [
    ...(change.remove ?? []),
    ...(change.remove?.includes("checkAt") ? (["checkShard"] as const) : []),
    // What is no news leaves open whether the last news has been told.
    ...(set.untold || change.quietly || change.remove?.includes("untold") ? [] : (["untold"] as const)),
  ];

  const assigned = Object.entries(set).filter(([, value]) => value !== undefined);
  const fields = [...assigned.map(([field]) => field), ...remove];
  const conditions = [
    `#state IN (${from.map((_, index) => `:from${index}`).join(", ")})`,
    "attempt = :ifAttempt",
    ...(change.revision ? ["revision = :ifRevision"] : []),
    ...(change.owner ? ["#owner = :ifOwner"] : []),
    ...(change.ifHash !== undefined ? ["requestHash = :ifHash"] : []),
    ...(change.ifUpdates === undefined
      ? []
      : [change.ifUpdates === 0 ? "attribute_not_exists(updatesVersion)" : "updatesVersion = :ifUpdates"]),
    ...(change.lapsedAt ? ["leaseUntil <= :ifLapsedAt"] : []),
    ...(change.newerThan
      ? ["(attribute_not_exists(contactRecordAt) OR contactRecordAt < :ifNewerThan)"]
      : []),
  ];
  return {
    UpdateExpression: [
      `SET ${assigned.map(([field]) => `#${field} = :${field}`).join(", ")}, revision = revision + :counted`,
      ...(remove.length > 0 ? [`REMOVE ${remove.map((field) => `#${field}`).join(", ")}`] : []),
    ].join(" "),
    ConditionExpression: conditions.join(" AND "),
    ExpressionAttributeNames: Object.fromEntries(
      ["state", ...fields, ...(change.owner ? ["owner"] : [])].map((field) => [`#${field}`, field]),
    ),
    ExpressionAttributeValues: marshall(
      {
        ...Object.fromEntries(assigned.map(([field, value]) => [`:${field}`, value])),
        ...Object.fromEntries(from.map((state, index) => [`:from${index}`, state])),
        ":ifAttempt": change.attempt,
        ":counted": change.quietly ? 0 : 1,
        ...(change.revision && { ":ifRevision": change.revision }),
        ...(change.owner && { ":ifOwner": change.owner }),
        ...(change.ifHash !== undefined && { ":ifHash": change.ifHash }),
        ...(change.ifUpdates && { ":ifUpdates": change.ifUpdates }),
        ...(change.lapsedAt && { ":ifLapsedAt": change.lapsedAt }),
        ...(change.newerThan && { ":ifNewerThan": change.newerThan }),
      },
      // Of maps within it as well, such as `parted`.
      { removeUndefinedValues: true },
    ),
  };
}
