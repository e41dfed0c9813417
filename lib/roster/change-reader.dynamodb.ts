import { type DynamoDBClient, paginateQuery } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { batchOf, largestBatch } from "../batch-get.dynamodb.ts";
import { portions } from "../portions.ts";
import type { ChangeKey, UserChange } from "./user-change.ts";
import { changeIn } from "./user-change-item.dynamodb.ts";
import type { ChangeReader } from "./user-changes.ts";

/** Reads the table `user-changes`. */
export class DynamoChangeReader implements ChangeReader {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async outcomes(keys: ChangeKey[]): Promise<UserChange[]> {
    const found: UserChange[] = [];
    for (const portion of portions(keys, largestBatch)) {
      const items = await batchOf(
        this.client,
        this.table,
        portion.map((key) => marshall(keyIn(key))),
      );
      found.push(...items.map(changeIn));
    }
    return found;
  }

  async list(username: string, limit: number): Promise<UserChange[]> {
    const found: UserChange[] = [];
    const pages = paginateQuery(
      { client: this.client },
      {
        TableName: this.table,
        KeyConditionExpression: "username = :username",
        ExpressionAttributeValues: marshall({ ":username": username }),
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: limit,
      },
    );
    for await (const { Items = [] } of pages) {
      found.push(...Items.map(changeIn));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }
}

const keyIn = ({ username, order }: ChangeKey): ChangeKey => ({ username, order });
