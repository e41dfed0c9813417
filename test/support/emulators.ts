import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { CreateTableCommand, type CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { startFauxqs } from "fauxqs";
import { parse } from "yaml";
import { queues } from "../../cli/settings.ts";
import { dynamoDb } from "../../lib/edge/clients.ts";
import { variableOf } from "../../local/stack/queue-contents.ts";

export interface Emulators {
  /** What the AWS SDK and our settings read. Also set in process.env until `stop`. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** dynalite and fauxqs on free ports, with the tables of resources/ and the queues, topic and bucket of the service. */
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
    AWS_ENDPOINT_URL_S3: messaging.address,
    CONTACTS_TABLE: "contact-automation-test-contacts",
    PACER_TABLE: "contact-automation-test-pacer",
    SUBSCRIBERS_TABLE: "contact-automation-test-subscribers",
    ROSTER_TABLE: "contact-automation-test-roster",
    USER_CHANGES_TABLE: "contact-automation-test-user-changes",
    SCIM_USERS_TABLE: "contact-automation-test-scim-users",
    METRICS_TABLE: "contact-automation-test-metrics",
    METRICS_BUCKET: "contact-automation-test-metrics",
  };
  for (const queue of queues) {
    const variable = variableOf(queue);
    for (const [kind, name] of [
      ["QUEUE", queue],
      ["DLQ", `${queue}-dlq`],
    ]) {
      const fifo = queue === "attribute-updates" || queue === "user-commands";
      const { queueName } = messaging.createQueue(
        `contact-automation-test-${name}${fifo ? ".fifo" : ""}`,
        fifo ? { attributes: { FifoQueue: "true" } } : {},
      );
      // The host that fauxqs puts into its own URLs resolves on few machines.
      env[`${variable}_${kind}_URL`] = `${messaging.address}/000000000000/${queueName}`;
    }
  }
  env["CONTACT_NOTICES_TOPIC_ARN"] = messaging.createTopic(
    "contact-automation-test-contact-notices",
  ).topicArn;
  messaging.createBucket(String(env["METRICS_BUCKET"]));
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

type Resource = { Type: string; Properties: CreateTableCommandInput & Record<string, unknown> };

/** From the very definition that is deployed. */
async function createTables(): Promise<void> {
  const resources = [
    "resources/tables.yml",
    "resources/subscribers.yml",
    "resources/users.yml",
    "resources/scim.yml",
    "resources/metrics.yml",
  ].flatMap((file) => {
    // CloudFormation's tags are nothing that a table needs, and not worth a warning each.
    const { Resources } = parse(readFileSync(file, "utf8"), { logLevel: "error" }) as {
      Resources: Record<string, Resource>;
    };
    return Object.values(Resources);
  });
  const client = dynamoDb();
  for (const { Type, Properties } of resources) {
    if (Type !== "AWS::DynamoDB::Table") continue;
    const { TableName, BillingMode, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = Properties;
    const name = String(TableName).replace(/^.*\}-/, "contact-automation-test-");
    const indexes = GlobalSecondaryIndexes && { GlobalSecondaryIndexes };
    await client.send(
      new CreateTableCommand({ TableName: name, BillingMode, AttributeDefinitions, KeySchema, ...indexes }),
    );
  }
  client.destroy();
}
