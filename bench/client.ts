/** How fast the client hands messages to an SQS on this machine, which is in a thread of its own. `npm run bench:client` */
import { once } from "node:events";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { SQSClient } from "@aws-sdk/client-sqs";
import { startFauxqs } from "fauxqs";
import { type CallRequest, ContactAutomation } from "../client/index.ts";

const queues = ["call-requests", "attribute-updates.fifo"];

async function serve(): Promise<void> {
  const messaging = await startFauxqs({ port: 0, logger: false });
  for (const queue of queues)
    messaging.createQueue(`contact-automation-bench-${queue}`, {
      attributes: queue.endsWith(".fifo") ? { FifoQueue: "true" } : {},
    });
  parentPort?.postMessage(messaging.address);
}

async function measure(): Promise<void> {
  const server = new Worker(new URL(import.meta.url));
  const [endpoint]: string[] = await once(server, "message");
  const credentials = { accessKeyId: "bench", secretAccessKey: "bench" };
  const sqs = new SQSClient({
    region: "us-east-1",
    useQueueUrlAsEndpoint: false,
    credentials,
    ...(endpoint && { endpoint }),
  });
  const client = new ContactAutomation({ stage: "bench" }, sqs);
  await client.requestCall(requests(0, 500));

  console.log("| | messages | a second | heap at most, MB |\n|---|---|---|---|");
  await row("`requestCall` with one request, one after the other", 1_000, async (count) => {
    for (let index = 0; index < count; index += 1) await client.requestCall(aRequest(index));
  });
  await row("`requestCall` with a list", 10_000, (count) => client.requestCall(requests(0, count)));
  await row("`requestCalls` with a generator", 100_000, async (count, look) => {
    await client.requestCalls(generated(count), { onProgress: look });
  });
  await row("`updateAttributes` with a list", 5_000, (count) =>
    client.updateAttributes(
      requests(0, count).map(({ requestId }) => ({ requestId, attributes: { orderState: "paid" } })),
    ),
  );
  sqs.destroy();
  await server.terminate();
}

async function row(
  what: string,
  count: number,
  send: (count: number, look: () => void) => Promise<unknown>,
): Promise<void> {
  let heap = process.memoryUsage().heapUsed;
  const look = () => {
    heap = Math.max(heap, process.memoryUsage().heapUsed);
  };
  const from = performance.now();
  await send(count, look);
  look();
  const perSecond = Math.round((count / (performance.now() - from)) * 1_000);
  console.log(`| ${what} | ${count} | ${perSecond} | ${Math.round(heap / 1e6)} |`);
}

const aRequest = (index: number): CallRequest => ({
  requestId: `bench-${index}`,
  destination: "+12065550100",
  attributes: { case: `A-${index}`, language: "en-US" },
});

const requests = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => aRequest(from + index));

function* generated(count: number) {
  for (let index = 0; index < count; index += 1) yield aRequest(index);
}

if (isMainThread) await measure();
else await serve();
