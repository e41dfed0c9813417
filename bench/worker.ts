/** One execution environment: imports one bundle and hands it batches, one at a time, as Lambda does. */
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";

export interface ToWorker {
  event: SQSEvent;
  timeoutMs: number;
}

export interface Invoked {
  failures: string[];
  /** CPU of this process while the handler ran, user and system, garbage collection included. */
  cpuMs: number;
  /** Epoch milliseconds: before the import when this was the first message, and after the handler's answer. */
  startedAt: number;
  endedAt: number;
}

export type FromWorker =
  | { kind: "ready" }
  | ({ kind: "invoked" } & Invoked)
  | { kind: "failed"; error: string };

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

const [bundle = ""] = process.argv.slice(2);
let handler: Handler | undefined;
let invocations = 0;

process.on("message", async (order: ToWorker) => {
  try {
    tell(await answerTo(order));
  } catch (error) {
    tell({ kind: "failed", error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
process.on("disconnect", () => process.exit());
tell({ kind: "ready" });

async function answerTo(order: ToWorker): Promise<FromWorker> {
  const startedAt = epochMs();
  handler ??= ((await import(bundle)) as { handler: Handler }).handler;
  const before = process.cpuUsage();
  const { batchItemFailures } = await handler(order.event, contextOf(order.timeoutMs));
  const { user, system } = process.cpuUsage(before);
  const failures = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return { kind: "invoked", failures, cpuMs: (user + system) / 1000, startedAt, endedAt: epochMs() };
}

function contextOf(timeoutMs: number): Context {
  const endsAt = Date.now() + timeoutMs;
  invocations += 1;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: "start-contact",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:111122223333:function:start-contact",
    memoryLimitInMB: "512",
    awsRequestId: `${process.pid}-${invocations}`,
    logGroupName: "/aws/lambda/start-contact",
    logStreamName: "bench",
    getRemainingTimeInMillis: () => endsAt - Date.now(),
    done() {},
    fail() {},
    succeed() {},
  };
}

function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
