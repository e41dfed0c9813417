import { readFileSync } from "node:fs";
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll } from "vitest";
import { parse } from "yaml";
import { DynamoWebhooks } from "../../../lib/webhooks/webhooks.dynamodb.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { webhooksContract } from "../../support/webhooks-contract.ts";

const table = "contact-automation-test-webhooks";
let emulators: Emulators;
let client: DynamoDBClient;

beforeAll(async () => {
  emulators = await startEmulators();
  client = new DynamoDBClient({});
  const { Resources } = parse(readFileSync("resources/webhooks.yml", "utf8"), { logLevel: "error" }) as {
    Resources: { WebhooksTable: { Properties: CreateTableCommandInput } };
  };
  const { BillingMode, AttributeDefinitions, KeySchema } = Resources.WebhooksTable.Properties;
  await client.send(
    new CreateTableCommand({ TableName: table, BillingMode, AttributeDefinitions, KeySchema }),
  );
});
afterAll(async () => {
  client.destroy();
  await emulators.stop();
});

webhooksContract(() => new DynamoWebhooks(client, table));
