import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { leadOf, momentsAfter, mostWithin, pauseOf, type Rate, type RateLimit, spacingOf } from "./rate.ts";

/** One item of the table `pacer` for each operation. A batch of requests is one write, two when it guesses wrong. */
export class DynamoRateLimit implements RateLimit {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly pacerId: string;
  private readonly rate: Rate;
  private readonly now: () => number;
  /** As this worker last saw it: which of the two writes to try first. */
  private lastTat = 0;

  constructor(client: DynamoDBClient, table: string, pacerId: string, rate: Rate, now: () => number) {
    this.client = client;
    this.table = table;
    this.pacerId = pacerId;
    this.rate = rate;
    this.now = now;
  }

  async take(wanted: number, horizonMs: number): Promise<number[]> {
    const count = Math.min(wanted, mostWithin(horizonMs, this.rate));
    if (count === 0) return [];
    const now = this.now();
    const steps = count * spacingOf(this.rate);
    const latest = now + horizonMs + leadOf(this.rate) - (count - 1) * spacingOf(this.rate);
    const busy = () =>
      this.update("SET tat = tat + :steps", "tat >= :now AND tat <= :latest", {
        ":steps": steps,
        ":now": now,
        ":latest": latest,
      });
    const idle = () =>
      this.update("SET tat = :tat", "attribute_not_exists(tat) OR tat < :now", {
        ":tat": now + steps,
        ":now": now,
      });
    const tries = this.lastTat >= now ? [busy, idle] : [idle, busy];
    for (const attempt of tries) {
      const tat = await attempt();
      if (tat !== undefined) return momentsAfter(tat - steps, count, this.rate, now);
    }
    return [];
  }

  async pushBack(): Promise<void> {
    const tat = this.now() + pauseOf(this.rate) + leadOf(this.rate);
    await this.update("SET tat = :tat", "attribute_not_exists(tat) OR tat < :tat", { ":tat": tat });
  }

  /** @returns undefined when the condition did not hold */
  private async update(
    expression: string,
    condition: string,
    values: Record<string, number>,
  ): Promise<number | undefined> {
    try {
      const { Attributes } = await this.client.send(
        new UpdateItemCommand({
          TableName: this.table,
          Key: marshall({ pacerId: this.pacerId }),
          UpdateExpression: expression,
          ConditionExpression: condition,
          ExpressionAttributeValues: marshall(values),
          ReturnValues: "ALL_NEW",
        }),
      );
      this.lastTat = Number(unmarshall(Attributes ?? {})["tat"]);
      return this.lastTat;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }
}
