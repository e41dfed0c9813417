/** The emulators, Connect's simulator and the counters before them: what is not measured, away from what is. */
import { DeleteItemCommand, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import * as v from "valibot";
import { startConnectSimulator } from "../local/connect-simulator/simulator.ts";
import { type Deployment, evaluate, type Template } from "../local/stack/cloudformation.ts";
import { pseudoParameters } from "../local/stack/deployment.ts";
import {
  accountId,
  createQueue,
  createTable,
  createTopic,
  region,
  startDatabase,
  startMessaging,
} from "../local/stack/emulators.ts";
import { identities } from "../local/stack/identities.ts";
import { addRefusedItems } from "./add-refused-items.ts";
import { type AwsRequest, countingProxy } from "./counting-proxy.ts";
import type { FromEmulators, Quota, Started, ToEmulators } from "./emulators.ts";
import { idempotencyTable, limiterTable, recipeTables } from "./recipe/tables.ts";
import { keyOf } from "./table-keys.ts";

/** So many active calls that they do not bind: the pace is measured, not the ceiling. */
const activeCalls = 100_000;

const noQuota = { rate: 100_000, burst: 100_000 };

const functionProperties = v.object({
  Timeout: v.number(),
  Environment: v.object({ Variables: v.record(v.string(), v.string()) }),
});

const journal: AwsRequest[] = [];
let forgetPace: () => Promise<void> = async () => {};
let limitConnect = () => {};

process.on("message", async (order: ToEmulators) => {
  if (order.kind === "start") {
    tell({ kind: "started", ...(await start(order.template, order.quota)) });
  } else {
    if (order.kind !== "requests") await forgetPace();
    if (order.kind === "limit") limitConnect();
    tell({ kind: "requests", requests: journal.splice(0) });
  }
});
process.on("disconnect", () => process.exit());

function tell(message: FromEmulators): void {
  process.send?.(message);
}

async function start(template: Template, quota: Quota): Promise<Started> {
  const database = await startDatabase(0, undefined);
  const messaging = await startMessaging(0, undefined);
  const sqs = await countingProxy("sqs", () => messaging.url, journal);
  // The SDK calls a queue at the host of its URL, so that has to be the counter's.
  const queueUrl = (name: string) => `${sqs}/${accountId}/${name}`;
  const deployment = evaluate(template, pseudoParameters, identities(queueUrl));

  const tables = [...resources(deployment, "AWS::DynamoDB::Table"), ...recipeTables];
  for (const table of tables) await createTable(database.client, table);
  for (const queue of resources(deployment, "AWS::SQS::Queue")) {
    await createQueue(messaging.sqs, queue, queueUrl(String(queue.properties["QueueName"])));
  }
  for (const topic of resources(deployment, "AWS::SNS::Topic")) await createTopic(messaging.sns, topic);

  const { Timeout, Environment } = startContactOf(deployment);
  const settings = Environment.Variables;
  const connect = await startConnect(settings, quota);
  const pacing = tables.filter(({ properties: { TableName } }) => {
    return TableName === limiterTable || TableName === settings["PACER_TABLE"];
  });
  forgetPace = async () => {
    for (const table of pacing) await empty(database.client, keyOf(table));
  };
  limitConnect = connect.limit;

  return {
    dynamoDB: database.url,
    timeoutMs: Timeout * 1000,
    variables: {
      ...settings,
      CONNECT_RATE_PER_SECOND: String(quota.ratePerSecond),
      CONNECT_BURST: String(quota.burst),
      CONNECT_ACTIVE_CALLS: String(activeCalls),
      IDEMPOTENCY_TABLE: idempotencyTable,
      LIMITER_TABLE: limiterTable,
      // As on AWS; the local stage is quieter.
      POWERTOOLS_LOG_LEVEL: "INFO",
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: "bench",
      AWS_SECRET_ACCESS_KEY: "bench",
      AWS_ENDPOINT_URL_DYNAMODB: await countingProxy(
        "dynamodb",
        () => database.url,
        journal,
        addRefusedItems(tables),
      ),
      AWS_ENDPOINT_URL_SQS: sqs,
      AWS_ENDPOINT_URL_SNS: await countingProxy("sns", () => messaging.url, journal),
      AWS_ENDPOINT_URL_CONNECT: await countingProxy("connect", connect.url, journal),
    },
  };
}

/** Without a limit at first, so that workers can be warmed up and the bucket is still full. */
async function startConnect(settings: Record<string, string>, quota: Quota) {
  const options = {
    port: 0,
    instanceId: settings["CONNECT_INSTANCE_ID"] ?? "",
    contactFlowIds: [settings["DEFAULT_CONTACT_FLOW_ID"] ?? ""],
    queueIds: [settings["DEFAULT_QUEUE_ID"] ?? ""],
    activeCalls,
    auth: false,
  };
  const unlimited = await startConnectSimulator({
    ...options,
    quotas: { StartOutboundVoiceContact: noQuota },
  });
  const limited = await startConnectSimulator({
    ...options,
    quotas: { StartOutboundVoiceContact: { rate: quota.ratePerSecond, burst: quota.burst } },
  });
  let current = unlimited;
  return {
    url: () => current.url,
    limit() {
      current = limited;
    },
  };
}

async function empty(client: DynamoDBClient, { table, key }: { table: string; key: string }): Promise<void> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  for (const item of Items) {
    const value = item[key];
    if (value) await client.send(new DeleteItemCommand({ TableName: table, Key: { [key]: value } }));
  }
}

function resources(deployment: Deployment, type: string) {
  return deployment.resources.filter((resource) => resource.type === type);
}

function startContactOf(deployment: Deployment) {
  const found = resources(deployment, "AWS::Lambda::Function").find(({ properties }) =>
    String(properties["FunctionName"]).endsWith("start-contact"),
  );
  if (!found) throw new Error("the packaged template has no function start-contact");
  return v.parse(functionProperties, found.properties);
}
