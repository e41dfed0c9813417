import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { CreateTableCommand, type CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { startFauxqs } from "fauxqs";
import { parse } from "yaml";
import { dynamoDb } from "../../lib/edge/clients.ts";

export interface Emulators {
  /** What the AWS SDK and our settings read. Also set in process.env until `stop`. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

const queues = ["call-requests", "stop-requests", "contact-events", "contact-records"];

/** dynalite and fauxqs on free ports, with the tables of resources/tables.yml and the queues and topic of the service. */
export async function startEmulators(): Promise<Emulators> {
  const database = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve) => database.listen(0, "127.0.0.1", () => resolve()));
  const messaging = await startFauxqs({ port: 0, logger: false });
  const env: Record<string, string> = {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${(database.address() as AddressInfo).port}`,
    AWS_ENDPOINT_URL_SQS: messaging.address,
    AWS_ENDPOINT_URL_SNS: messaging.address,
    CONTACTS_TABLE: "contact-automation-test-contacts",
    PACER_TABLE: "contact-automation-test-pacer",
  };
  for (const queue of queues) {
    const variable = queue.toUpperCase().replace("-", "_");
    for (const [kind, name] of [
      ["QUEUE", queue],
      ["DLQ", `${queue}-dlq`],
    ]) {
      const { queueName } = messaging.createQueue(`contact-automation-test-${name}`);
      // The host that fauxqs puts into its own URLs resolves on few machines.
      env[`${variable}_${kind}_URL`] = `${messaging.address}/000000000000/${queueName}`;
    }
  }
  env["CONTACT_NOTICES_TOPIC_ARN"] = messaging.createTopic(
    "contact-automation-test-contact-notices",
  ).topicArn;
  const before = { ...process.env };
  Object.assign(process.env, env);
  await createTables();
  return {
    env,
    stop: async () => {
      process.env = before;
      await Promise.all([messaging.stop(), new Promise<void>((resolve) => database.close(() => resolve()))]);
    },
  };
}

/** From the very definition that is deployed. */
async function createTables(): Promise<void> {
  const { Resources } = parse(readFileSync("resources/tables.yml", "utf8")) as {
    Resources: Record<string, { Properties: CreateTableCommandInput & Record<string, unknown> }>;
  };
  const client = dynamoDb();
  for (const { Properties } of Object.values(Resources)) {
    const { TableName, BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = Properties;
    const name = String(TableName).replace(/^.*-(?=\w+$)/, "contact-automation-test-");
    const indexes = GlobalSecondaryIndexes && { GlobalSecondaryIndexes };
    await client.send(
      new CreateTableCommand({ TableName: name, BillingMode, AttributeDefinitions, KeySchema, ...indexes }),
    );
  }
  client.destroy();
}
