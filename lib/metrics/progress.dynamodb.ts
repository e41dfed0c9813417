import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { held } from "../held.dynamodb.ts";
import { type Progress, type ProgressBook, progressSchema } from "./progress.ts";

/** One item of the table `metrics` for each kind of intervals, which is its slot. */
export class DynamoProgressBook implements ProgressBook {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly key: { series: string; slot: string };
  private readonly now: () => number;

  constructor(client: DynamoDBClient, table: string, instanceId: string, now: () => number, slot = "5m") {
    this.client = client;
    this.table = table;
    this.key = { series: `${instanceId}/progress`, slot };
    this.now = now;
  }

  async look(): Promise<Progress | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: marshall(this.key), ConsistentRead: true }),
    );
    const kept = Item?.["progress"];
    return kept && v.parse(progressSchema, unmarshall({ kept })["kept"]);
  }

  claim(owner: string, until: number): Promise<boolean> {
    return this.write(
      "SET #owner = :owner, claimedUntil = :until",
      // The owner itself: the SDK repeats a write whose answer was lost.
      "attribute_not_exists(#owner) OR claimedUntil < :now OR #owner = :owner",
      { ":owner": owner, ":until": until, ":now": this.now() },
    );
  }

  keep(progress: Progress, owner: string): Promise<boolean> {
    return this.write("SET progress = :progress", "#owner = :owner", {
      ":progress": progress,
      ":owner": owner,
    });
  }

  async release(owner: string): Promise<void> {
    await this.write("REMOVE #owner, claimedUntil", "#owner = :owner", { ":owner": owner });
  }

  /** @returns whether the condition held */
  private async write(
    update: string,
    condition: string,
    values: Record<string, string | number | Progress>,
  ): Promise<boolean> {
    return held(() =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.table,
          Key: marshall(this.key),
          UpdateExpression: update,
          ConditionExpression: condition,
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: marshall(values),
        }),
      ),
    );
  }
}
