import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { keepMs, type Ledger } from "./ledger.ts";

/** One item of the table `roster` for each user. */
export class DynamoLedger implements Ledger {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly now: () => number;

  constructor(client: DynamoDBClient, table: string, now: () => number) {
    this.client = client;
    this.table = table;
    this.now = now;
  }

  async begin(username: string, order: string): Promise<{ newest: boolean; wroteAt?: number }> {
    try {
      const { wroteAt } = await this.set(username, "commandOrder", order, {
        ConditionExpression: "attribute_not_exists(commandOrder) OR commandOrder <= :value",
      });
      return { newest: true, ...(typeof wroteAt === "number" && { wroteAt }) };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { newest: false };
      throw error;
    }
  }

  async wrote(username: string): Promise<void> {
    await this.set(username, "wroteAt", this.now());
  }

  private async set(
    username: string,
    name: string,
    value: string | number,
    condition: { ConditionExpression?: string } = {},
  ): Promise<{ wroteAt?: unknown }> {
    const { Attributes = {} } = await this.client.send(
      new UpdateItemCommand({
        TableName: this.table,
        Key: marshall({ username }),
        UpdateExpression: `SET ${name} = :value, expiresAt = :expiresAt`,
        ExpressionAttributeValues: marshall({
          ":value": value,
          ":expiresAt": Math.ceil((this.now() + keepMs) / 1000),
        }),
        ReturnValues: "ALL_NEW",
        ...condition,
      }),
    );
    return unmarshall(Attributes);
  }
}
