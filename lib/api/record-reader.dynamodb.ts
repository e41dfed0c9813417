import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { batchOf, largestBatch } from "../batch-get.dynamodb.ts";
import type { State } from "../contacts/contact-states.ts";
import { isInternalKey } from "../contacts/record-keys.ts";
import type { RecordReader, Selection, Stretch } from "./record-reader.ts";
import { type Shown, shownFields, shownSchema } from "./record-view.ts";

type Item = Record<string, AttributeValue>;

/** Whom a request is for never leaves the table. */
const projection = {
  ProjectionExpression: shownFields.map((field) => `#${field}`).join(", "),
  ExpressionAttributeNames: Object.fromEntries(shownFields.map((field) => [`#${field}`, field])),
};

export class DynamoRecordReader implements RecordReader {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async look(requestId: string): Promise<Shown | undefined> {
    if (isInternalKey(requestId)) return undefined;
    const { Item } = await this.client.send(
      new GetItemCommand({
        TableName: this.table,
        Key: marshall({ requestId }),
        ConsistentRead: true,
        ...projection,
      }),
    );
    return Item && shownIn(Item);
  }

  stretch({ campaignShard, state }: Selection, after: string | undefined, atMost: number): Promise<Stretch> {
    return campaignShard === undefined
      ? this.ofTable(state, after, atMost)
      : this.ofCampaign(campaignShard, state, after, Math.min(atMost, largestBatch));
  }

  private async ofTable(
    state: State | undefined,
    after: string | undefined,
    atMost: number,
  ): Promise<Stretch> {
    const {
      Items = [],
      ScannedCount = 0,
      LastEvaluatedKey,
    } = await this.client.send(
      new ScanCommand({
        TableName: this.table,
        Limit: atMost,
        ...projection,
        ...(state !== undefined && {
          FilterExpression: "#state = :state",
          ExpressionAttributeValues: marshall({ ":state": state }),
        }),
        ...(after !== undefined && { ExclusiveStartKey: marshall({ requestId: after }) }),
      }),
    );
    const found = Items.filter((item) => !isInternalKey(keyIn(item))).map(shownIn);
    return { found, read: ScannedCount, ...endAt(LastEvaluatedKey) };
  }

  private async ofCampaign(
    campaignShard: string,
    state: State | undefined,
    after: string | undefined,
    atMost: number,
  ): Promise<Stretch> {
    const { Items = [], LastEvaluatedKey } = await this.client.send(
      new QueryCommand({
        TableName: this.table,
        IndexName: "by-campaign",
        KeyConditionExpression: "campaignShard = :shard",
        ExpressionAttributeValues: marshall({ ":shard": campaignShard }),
        Limit: atMost,
        ...(after !== undefined && { ExclusiveStartKey: marshall({ campaignShard, requestId: after }) }),
      }),
    );
    const records = await this.get(Items.map(keyIn));
    const inOrder = Items.flatMap((item) => records.get(keyIn(item)) ?? []);
    const found = inOrder.filter((shown) => state === undefined || shown.state === state);
    return { found, read: Items.length, ...endAt(LastEvaluatedKey) };
  }

  private async get(requestIds: string[]): Promise<Map<string, Shown>> {
    const found = new Map<string, Shown>();
    const keys = requestIds.map((requestId) => marshall({ requestId }));
    const items = await batchOf(this.client, this.table, keys, projection);
    for (const item of items) found.set(keyIn(item), shownIn(item));
    return found;
  }
}

const keyIn = (item: Item): string => String(unmarshall(item)["requestId"]);
const shownIn = (item: Item): Shown => v.parse(shownSchema, unmarshall(item));
const endAt = (key: Item | undefined) => key && { end: keyIn(key) };
