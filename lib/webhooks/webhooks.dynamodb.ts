import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { contactKinds } from "../intake/message.ts";
import type { AcceptedWebhook, Webhooks } from "./webhooks.ts";

const item = v.object({
  webhookKey: v.string(),
  bodyHash: v.string(),
  messages: v.array(v.object({ type: v.picklist(contactKinds), id: v.string() })),
  acceptedAt: v.string(),
  ttl: v.number(),
});

/** DynamoDB deletes what has expired days later: until then it counts as gone all the same. */
export class DynamoWebhooks implements Webhooks {
  private readonly client: DynamoDBClient;
  private readonly table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async find(webhookKey: string, now: number): Promise<AcceptedWebhook | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: marshall({ webhookKey }), ConsistentRead: true }),
    );
    const found = Item && v.parse(item, unmarshall(Item));
    return found && found.ttl > now / 1000 ? found : undefined;
  }

  async remember(webhook: AcceptedWebhook, now: number): Promise<AcceptedWebhook> {
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.table,
          Item: marshall(webhook),
          ConditionExpression: "attribute_not_exists(webhookKey) OR #ttl <= :now",
          ExpressionAttributeNames: { "#ttl": "ttl" },
          ExpressionAttributeValues: marshall({ ":now": now / 1000 }),
        }),
      );
      return webhook;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return (await this.find(webhook.webhookKey, now)) ?? webhook;
    }
  }
}
