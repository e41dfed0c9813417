import { CreateTableCommand, DynamoDBClient, type PutItemCommandInput } from "@aws-sdk/client-dynamodb";
import { DynamoProgressBook } from "../../lib/metrics/progress.dynamodb.ts";
import { startConnectSimulator } from "../../local/connect-simulator/simulator.ts";
import { startDatabase } from "../../local/stack/emulators.ts";
import { type AwsRequest, countingProxy, type Exchange } from "../counting-proxy.ts";
import { busyCentre } from "../simulator/centres.ts";
import { itemSize, writeUnits } from "./item-size.ts";

/** What one run asked of others. */
export interface Traffic {
  /** To Connect, by operation. */
  connect: Record<string, number>;
  throttled: number;
  /** To the table `metrics` and the pacer. */
  dynamodb: number;
  rowsWritten: number;
  /** Of the rows, the largest one. */
  rowBytes: number;
  writeUnits: number;
}

export interface Surroundings {
  variables: Record<string, string>;
  /** Since the last time. */
  traffic(): Traffic;
  /** As if history had been read up to the last closed interval, of which one is to be read and one read again. */
  leaveOneInterval(): Promise<void>;
  stop(): Promise<void>;
}

const minute = 60_000;
const interval = 5 * minute;
const instanceId = "5ca1ab1e-0000-4000-8000-000000000001";
const access = { region: "us-east-1", credentials: { accessKeyId: "bench", secretAccessKey: "bench" } };

/** An hour's work of a contact centre with so many queues, on AWS's default quotas, and an empty database. */
export async function startSurroundings(queues: number): Promise<Surroundings> {
  const journal: AwsRequest[] = [];
  let written = { rows: 0, rowBytes: 0, units: 0 };
  const simulator = await startConnectSimulator({
    centre: busyCentre(queues),
    instanceId,
    speed: 0,
    startAt: new Date(Date.now() - 60 * minute),
    auth: false,
  });
  await simulator.clock({ advanceSeconds: 3600 });
  await simulator.clock({ speed: 1 });
  const database = await startDatabase(0, undefined);
  const client = new DynamoDBClient({ ...access, endpoint: database.url });
  await createTables(client);

  const count = async ({ requestHeaders, requestBody }: Exchange): Promise<undefined> => {
    const sizes = writtenSizes(String(requestHeaders["x-amz-target"]), requestBody.toString());
    const rows = sizes.filter(({ isRow }) => isRow).map(({ bytes }) => bytes);
    written = {
      rows: written.rows + rows.length,
      rowBytes: Math.max(written.rowBytes, ...rows),
      units: written.units + sizes.reduce((sum, { bytes }) => sum + writeUnits(bytes), 0),
    };
  };
  const book = new DynamoProgressBook(client, "metrics", instanceId, Date.now);
  return {
    variables: {
      CONNECT_INSTANCE_ID: instanceId,
      CONNECT_INSTANCE_ARN: simulator.instanceArn,
      METRICS_TABLE: "metrics",
      PACER_TABLE: "pacer",
      POWERTOOLS_SERVICE_NAME: "snapshot-metrics",
      POWERTOOLS_METRICS_NAMESPACE: "bench",
      AWS_REGION: access.region,
      AWS_ACCESS_KEY_ID: "bench",
      AWS_SECRET_ACCESS_KEY: "bench",
      AWS_ENDPOINT_URL_DYNAMODB: await countingProxy("dynamodb", () => database.url, journal, count),
      AWS_ENDPOINT_URL_CONNECT: await countingProxy("connect", () => simulator.url, journal),
    },
    traffic() {
      const requests = journal.splice(0);
      const { rows, rowBytes, units } = written;
      written = { rows: 0, rowBytes: 0, units: 0 };
      const connect = Map.groupBy(
        requests.filter(({ service }) => service === "connect"),
        ({ operation }) => nameOf(operation),
      );
      return {
        connect: Object.fromEntries([...connect].map(([name, all]) => [name, all.length])),
        throttled: requests.filter(({ status }) => status === 429).length,
        dynamodb: requests.filter(({ service }) => service === "dynamodb").length,
        rowsWritten: rows,
        rowBytes,
        writeUnits: units,
      };
    },
    async leaveOneInterval() {
      const closed = Math.floor(Date.now() / interval) * interval - interval;
      const iso = (at: number) => new Date(at).toISOString();
      const since = iso(closed - 4 * interval);
      await book.claim("bench", 0);
      await book.keep(
        { since, readUntil: iso(closed), amendable: [iso(closed - 3 * interval)], gaps: [] },
        "bench",
      );
      await book.release("bench");
    },
    async stop() {
      client.destroy();
      await simulator.stop();
      await database.stop();
    },
  };
}

const nameOf = (route: string): string =>
  route.includes("/metrics/current/")
    ? "GetCurrentMetricData"
    : route.includes("/metrics/historical/")
      ? "GetMetricData"
      : "ListQueues";

/** Deletions and changes are taken as one kilobyte. */
function writtenSizes(target: string, body: string): { bytes: number; isRow: boolean }[] {
  type Item = NonNullable<PutItemCommandInput["Item"]>;
  const sizeOf = (item: Item) => ({ bytes: itemSize(item), isRow: item["values"] !== undefined });
  if (target.endsWith(".BatchWriteItem")) {
    const { RequestItems } = JSON.parse(body) as {
      RequestItems: Record<string, { PutRequest?: { Item: Item } }[]>;
    };
    return Object.values(RequestItems)
      .flat()
      .map(({ PutRequest }) => (PutRequest ? sizeOf(PutRequest.Item) : { bytes: 1, isRow: false }));
  }
  if (target.endsWith(".PutItem")) return [sizeOf((JSON.parse(body) as { Item: Item }).Item)];
  return target.endsWith(".UpdateItem") ? [{ bytes: 1, isRow: false }] : [];
}

async function createTables(client: DynamoDBClient): Promise<void> {
  for (const [TableName, ...keys] of [
    ["metrics", "series", "slot"],
    ["pacer", "pacerId"],
  ]) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        KeySchema: keys.map((AttributeName, index) => ({
          AttributeName,
          KeyType: index === 0 ? "HASH" : "RANGE",
        })),
      }),
    );
  }
}
