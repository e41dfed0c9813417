import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { batchOf, largestBatch } from "../batch-get.dynamodb.ts";
import { held } from "../held.dynamodb.ts";
import { portions } from "../portions.ts";
import { readSubscriber, type Subscriber } from "./subscriber.ts";
import type { Subscribers } from "./subscribers.ts";

type Item = Parameters<typeof unmarshall>[0];

interface Write {
  update: string;
  condition: string;
  values: Record<string, string | number>;
}

const isThere = "attribute_exists(subscriberId)";

/** The table `subscribers`: one item for each, every change one conditional write. */
export class DynamoSubscribers implements Subscribers {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async all(): Promise<Subscriber[]> {
    const found: Subscriber[] = [];
    const pages = paginateScan({ client: this.client }, { TableName: this.table, ConsistentRead: true });
    for await (const { Items = [] } of pages) found.push(...Items.map(subscriberIn));
    return found;
  }

  async look(subscriberIds: string[]): Promise<Map<string, Subscriber>> {
    const found = new Map<string, Subscriber>();
    const keys = subscriberIds.map((subscriberId) => marshall({ subscriberId }));
    for (const portion of portions(keys, largestBatch)) {
      for (const item of await batchOf(this.client, this.table, portion)) {
        const subscriber = subscriberIn(item);
        found.set(subscriber.subscriberId, subscriber);
      }
    }
    return found;
  }

  add(subscriber: Subscriber): Promise<boolean> {
    return held(async () => {
      await this.client.send(
        new PutItemCommand({
          TableName: this.table,
          Item: marshall(subscriber, { removeUndefinedValues: true }),
          ConditionExpression: "attribute_not_exists(subscriberId)",
        }),
      );
    });
  }

  remove(subscriberId: string): Promise<boolean> {
    return held(async () => {
      await this.client.send(
        new DeleteItemCommand({
          TableName: this.table,
          Key: marshall({ subscriberId }),
          ConditionExpression: isThere,
        }),
      );
    });
  }

  async enable(subscriberId: string, now: number): Promise<boolean> {
    const written = await this.write(subscriberId, {
      update: "SET #status = :enabled, since = :at, failures = :none REMOVE reason, failingSince, heldUntil",
      condition: "#status = :disabled",
      values: { ":enabled": "enabled", ":disabled": "disabled", ":at": iso(now), ":none": 0 },
    });
    return written !== undefined;
  }

  async disable(subscriberId: string, reason: string, now: number): Promise<boolean> {
    const written = await this.write(subscriberId, {
      update: "SET #status = :disabled, since = :at, reason = :reason",
      condition: "#status = :enabled",
      values: { ":enabled": "enabled", ":disabled": "disabled", ":at": iso(now), ":reason": reason },
    });
    return written !== undefined;
  }

  async succeeded(subscriberId: string): Promise<void> {
    await this.write(subscriberId, {
      update: "SET failures = :none REMOVE failingSince, heldUntil",
      condition: isThere,
      values: { ":none": 0 },
    });
  }

  failed(subscriberId: string, why: string, now: number): Promise<Subscriber | undefined> {
    return this.write(subscriberId, {
      update:
        "SET failures = failures + :one, lastFailure = :why, failingSince = if_not_exists(failingSince, :at)",
      condition: isThere,
      values: { ":one": 1, ":why": why, ":at": iso(now) },
    });
  }

  async hold({ subscriberId, heldUntil }: Subscriber, until: number): Promise<boolean> {
    const written = await this.write(subscriberId, {
      update: "SET heldUntil = :until",
      condition:
        heldUntil === undefined ? `${isThere} AND attribute_not_exists(heldUntil)` : "heldUntil = :seen",
      values: { ":until": iso(until), ...(heldUntil !== undefined && { ":seen": heldUntil }) },
    });
    return written !== undefined;
  }

  /** @returns the subscriber as it is now, undefined when the condition did not hold */
  private async write(
    subscriberId: string,
    { update, condition, values }: Write,
  ): Promise<Subscriber | undefined> {
    let written: Subscriber | undefined;
    await held(async () => {
      const { Attributes = {} } = await this.client.send(
        new UpdateItemCommand({
          TableName: this.table,
          Key: marshall({ subscriberId }),
          UpdateExpression: update,
          ConditionExpression: condition,
          ...((update + condition).includes("#status") && {
            ExpressionAttributeNames: { "#status": "status" },
          }),
          ExpressionAttributeValues: marshall(values),
          ReturnValues: "ALL_NEW",
        }),
      );
      written = subscriberIn(Attributes);
    });
    return written;
  }
}

const subscriberIn = (item: Item): Subscriber => readSubscriber(unmarshall(item));
const iso = (at: number): string => new Date(at).toISOString();
