import { setTimeout as pause } from "node:timers/promises";
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  QueryCommand,
  type QueryCommandInput,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { held } from "../held.dynamodb.ts";
import { inParallel, portions } from "../portions.ts";
import { iso } from "./instant.ts";
import {
  channels,
  keyOf,
  type MetricRow,
  metricRowSchema,
  type Resolution,
  type RowKey,
  slotOf,
} from "./metric-row.ts";
import type { Metrics, Page, PageRequest, Queue, QueueRows, Range, Snapshot } from "./metrics.ts";

type Item = Record<string, AttributeValue>;

/** How long rows are kept, in milliseconds. */
export type Retention = Readonly<Record<Resolution, number>>;

/** DynamoDB takes 25 writes and 100 reads in one request. */
const writesAtOnce = 25;
const readsAtOnce = 100;
const requestsAtOnce = 8;
const mostRounds = 8;
/** Slots are compared as texts, which the five-digit years of an instant with an offset would come before. */
const last = Date.parse("9999-12-31T23:59:59.999Z");

const queueSchema = v.object({ queueId: v.string(), name: v.string() });
const snapshotSchema = v.object({
  at: v.string(),
  state: v.picklist(["open", "whole", "partial"]),
  channels: v.array(v.picklist(channels)),
  lacking: v.number(),
});

/** The table `metrics`. Every key begins with the instance, so that instances share it without meeting. */
export class DynamoMetrics implements Metrics {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly instanceId: string;
  private readonly retention: Retention;

  constructor(client: DynamoDBClient, table: string, instanceId: string, retention: Retention) {
    this.client = client;
    this.table = table;
    this.instanceId = instanceId;
    this.retention = retention;
  }

  async put(rows: readonly MetricRow[]): Promise<number> {
    let written = 0;
    await inParallel(rows, requestsAtOnce, async (row) => {
      const wrote = await held(() =>
        this.client.send(
          new PutItemCommand({
            TableName: this.table,
            Item: this.itemOf(row),
            ConditionExpression: "attribute_not_exists(series) OR asOf < :asOf",
            ExpressionAttributeValues: marshall({ ":asOf": row.asOf }),
          }),
        ),
      );
      if (wrote) written += 1;
    });
    return written;
  }

  putAll(rows: readonly MetricRow[]): Promise<void> {
    const distinct = new Map(rows.map((row) => [keyOf(row), row]));
    return this.write([...distinct.values()], (row) => ({ PutRequest: { Item: this.itemOf(row) } }));
  }

  async look(keys: readonly RowKey[]): Promise<MetricRow[]> {
    const found: MetricRow[] = [];
    const distinct = new Map(keys.map((key) => [keyOf(key), this.itemKeyOf(key)]));
    await inParallel(portions([...distinct.values()], readsAtOnce), requestsAtOnce, async (portion) => {
      let left: Item[] = portion.map((key) => marshall(key));
      for (let round = 0; left.length > 0; round += 1) {
        await backOff(round);
        const { Responses, UnprocessedKeys } = await this.client.send(
          new BatchGetItemCommand({ RequestItems: { [this.table]: { Keys: left, ConsistentRead: true } } }),
        );
        found.push(...(Responses?.[this.table] ?? []).map(rowIn));
        left = UnprocessedKeys?.[this.table]?.Keys ?? [];
      }
    });
    return found;
  }

  range(
    { queueId, resolution, channel, from, to, consistent }: Range,
    page: PageRequest,
  ): Promise<Page<MetricRow>> {
    return this.page(
      this.seriesOf({ resolution, queueId }),
      {
        // A slot is an instant and then a channel, so the instant `to` itself lies before all of its own slots.
        KeyConditionExpression: "series = :series AND slot BETWEEN :from AND :to",
        ...(channel && {
          FilterExpression: "#channel = :channel",
          ExpressionAttributeNames: { "#channel": "channel" },
        }),
        ExpressionAttributeValues: marshall({
          ":from": iso(Math.min(from, last)),
          ":to": iso(Math.min(to, last)),
          ...(channel && { ":channel": channel }),
        }),
        ...(consistent && { ConsistentRead: true }),
      },
      page,
      rowIn,
    );
  }

  queues(page: PageRequest): Promise<Page<Queue>> {
    return this.page(this.named("queues"), {}, page, queueIn);
  }

  async keepQueues(queues: readonly Queue[]): Promise<void> {
    const wanted = new Map(queues.map((queue) => [queue.queueId, queue]));
    const gone: WriteRequest[] = [];
    const series = this.named("queues");
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        KeyConditionExpression: "series = :series",
        ExpressionAttributeValues: marshall({ ":series": series }),
      },
    );
    for await (const { Items = [] } of pages) {
      for (const { queueId, name } of Items.map(queueIn)) {
        const queue = wanted.get(queueId);
        if (queue?.name === name) wanted.delete(queueId);
        if (!queue) gone.push({ DeleteRequest: { Key: marshall({ series, slot: queueId }) } });
      }
    }
    const changed = [...wanted.values()].map(({ queueId, name }) => ({
      PutRequest: { Item: marshall({ series, slot: queueId, queueId, name }) },
    }));
    await this.write([...changed, ...gone], (request) => request);
  }

  openSnapshot(at: string, owner: string): Promise<boolean> {
    return held(() =>
      this.client.send(
        new PutItemCommand({
          TableName: this.table,
          Item: {
            ...this.snapshotItem({ at, state: "open", channels: [], lacking: 0 }),
            ...marshall({ openedBy: owner }),
          },
          // The owner itself: the SDK repeats a write whose answer was lost.
          ConditionExpression: "attribute_not_exists(series) OR openedBy = :owner",
          ExpressionAttributeValues: marshall({ ":owner": owner }),
        }),
      ),
    );
  }

  async closeSnapshot(snapshot: Snapshot): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: this.table, Item: this.snapshotItem(snapshot) }));
  }

  snapshots(page: PageRequest): Promise<Page<Snapshot>> {
    return this.page(this.named("snapshots"), { ScanIndexForward: false }, page, (item) =>
      v.parse(snapshotSchema, unmarshall(item)),
    );
  }

  async rowsOf({ at, channels }: Snapshot, page: PageRequest): Promise<Page<QueueRows>> {
    const { items, ...rest } = await this.queues(page);
    const keys = items.flatMap(({ queueId }) =>
      channels.map((channel): RowKey => ({ queueId, resolution: "now", at, channel })),
    );
    const rows = Map.groupBy(await this.look(keys), ({ queueId }) => queueId);
    const inOrder = (queueId: string) =>
      (rows.get(queueId) ?? []).toSorted((a, b) => channels.indexOf(a.channel) - channels.indexOf(b.channel));
    return { items: items.map((queue) => ({ ...queue, rows: inOrder(queue.queueId) })), ...rest };
  }

  private async page<Entry>(
    series: string,
    query: Partial<QueryCommandInput>,
    { limit, cursor }: PageRequest,
    entryIn: (item: Item) => Entry,
  ): Promise<Page<Entry>> {
    const { Items = [], LastEvaluatedKey } = await this.client.send(
      new QueryCommand({
        KeyConditionExpression: "series = :series",
        ...query,
        TableName: this.table,
        ExpressionAttributeValues: { ...query.ExpressionAttributeValues, ...marshall({ ":series": series }) },
        Limit: limit,
        ...(cursor !== undefined && { ExclusiveStartKey: marshall({ series, slot: cursor }) }),
      }),
    );
    const next = LastEvaluatedKey?.["slot"]?.S;
    return { items: Items.map(entryIn), ...(next !== undefined && { next }) };
  }

  /** Whatever DynamoDB leaves is written again, more slowly each time. Requests are many times as large as what they are of. */
  private async write<Entry>(
    entries: readonly Entry[],
    requestOf: (entry: Entry) => WriteRequest,
  ): Promise<void> {
    await inParallel(portions(entries, writesAtOnce), requestsAtOnce, async (portion) => {
      let left = portion.map(requestOf);
      for (let round = 0; left.length > 0; round += 1) {
        await backOff(round);
        const { UnprocessedItems } = await this.client.send(
          new BatchWriteItemCommand({ RequestItems: { [this.table]: left } }),
        );
        left = UnprocessedItems?.[this.table] ?? [];
      }
    });
  }

  private itemOf(row: MetricRow): Item {
    const ttl = ttlOf(row.at, this.retention[row.resolution]);
    return marshall({ ...this.itemKeyOf(row), ...row, ttl }, { removeUndefinedValues: true });
  }

  private snapshotItem(snapshot: Snapshot): Item {
    const { at } = snapshot;
    const ttl = ttlOf(at, this.retention.now);
    return marshall({ series: this.named("snapshots"), slot: at, ...snapshot, ttl });
  }

  private itemKeyOf(key: RowKey) {
    return { series: this.seriesOf(key), slot: slotOf(key) };
  }

  private seriesOf({ resolution, queueId }: Pick<RowKey, "resolution" | "queueId">): string {
    return this.named(`${resolution}/${queueId}`);
  }

  private named(series: string): string {
    return `${this.instanceId}/${series}`;
  }
}

const rowIn = (item: Item): MetricRow => v.parse(metricRowSchema, unmarshall(item));
const queueIn = (item: Item): Queue => v.parse(queueSchema, unmarshall(item));

/** Epoch seconds. */
const ttlOf = (at: string, keepMs: number): number => Math.ceil((Date.parse(at) + keepMs) / 1000);

async function backOff(round: number): Promise<void> {
  if (round === mostRounds) throw new Error("DynamoDB keeps leaving items unprocessed");
  if (round > 0) await pause(25 * 2 ** round);
}
