/** The emulators, Connect's simulator and the counters before them: what is not measured, away from what is. */
import type { Server } from "node:http";
import { createRequire } from "node:module";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { startFauxqs } from "fauxqs";
import { startConnectSimulator } from "../local/connect-simulator/simulator.ts";
import { addRefusedItems } from "./add-refused-items.ts";
import { type AwsRequest, countingProxy } from "./counting-proxy.ts";
import type { EmulatorOrder, FromEmulators, ToEmulators } from "./emulators.ts";
import { listen } from "./listen.ts";

const dynalite: (options: { createTableMs: number }) => Server = createRequire(import.meta.url)("dynalite");

const credentials = { accessKeyId: "bench", secretAccessKey: "bench" };
const region = "us-east-1";
const unlimited = 100_000;

const journal: AwsRequest[] = [];

process.on("message", async (order: ToEmulators) => {
  if (order.kind === "start") tell({ kind: "started", ...(await start(order.order)) });
  else tell({ kind: "journal", requests: journal.splice(0) });
});

process.on("disconnect", () => process.exit());

function tell(message: FromEmulators): void {
  process.send?.(message);
}

async function start(order: EmulatorOrder) {
  const dynamoDB = await listen(dynalite({ createTableMs: 0 }));
  await createTables(dynamoDB, order);
  const fauxqs = await startFauxqs({ port: 0, logger: false });
  const messaging = `http://127.0.0.1:${fauxqs.port}`;
  const setting = (name: string) => textOf(order.variables[name]);
  const simulator = await startConnectSimulator({
    port: 0,
    instanceId: setting("CONNECT_INSTANCE_ID"),
    contactFlowIds: [setting("DEFAULT_CONTACT_FLOW_ID")],
    queueIds: [setting("DEFAULT_QUEUE_ID")],
    quotas: { StartOutboundVoiceContact: { rate: order.ratePerSecond, burst: order.burst } },
    activeCalls: unlimited,
  });

  const sqs = await countingProxy("sqs", messaging, journal);
  const resolved: Record<string, string> = {};
  for (const [id, { TableName }] of Object.entries(order.tables)) resolved[id] = TableName;
  for (const [id, name] of Object.entries(order.topics)) resolved[id] = fauxqs.createTopic(name).topicArn;
  for (const [id, name] of Object.entries(order.queues)) {
    // The SDK calls the queue at the host of its URL, so that has to be the counter's.
    resolved[id] = sqs + new URL(fauxqs.createQueue(name).queueUrl).pathname;
  }
  const packaged = Object.entries(order.variables).map(([name, value]) => {
    return [name, typeof value === "string" ? value : (resolved[value.Ref] ?? "")] as const;
  });

  return {
    dynamoDB,
    variables: {
      ...Object.fromEntries(packaged),
      IDEMPOTENCY_TABLE: resolved["Idempotency"] ?? "",
      LIMITER_TABLE: resolved["Limiter"] ?? "",
      CONNECT_RATE_PER_SECOND: String(order.ratePerSecond),
      CONNECT_BURST: String(order.burst),
      CONNECT_ACTIVE_CALLS: String(unlimited),
      POWERTOOLS_LOG_LEVEL: "INFO",
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: await countingProxy(
        "dynamodb",
        dynamoDB,
        journal,
        addRefusedItems(order.tables),
      ),
      AWS_ENDPOINT_URL_SQS: sqs,
      AWS_ENDPOINT_URL_SNS: await countingProxy("sns", messaging, journal),
      AWS_ENDPOINT_URL_CONNECT: await countingProxy("connect", simulator.url, journal),
    },
  };
}

async function createTables(endpoint: string, order: EmulatorOrder): Promise<void> {
  const client = new DynamoDBClient({ endpoint, region, credentials });
  for (const table of Object.values(order.tables)) {
    const { GlobalSecondaryIndexes, ...rest } = table;
    const indexes = GlobalSecondaryIndexes.length > 0 && { GlobalSecondaryIndexes };
    await client.send(new CreateTableCommand({ ...rest, ...indexes, BillingMode: "PAY_PER_REQUEST" }));
  }
  client.destroy();
}

function textOf(value: string | { Ref: string } | undefined): string {
  return typeof value === "string" ? value : "";
}
