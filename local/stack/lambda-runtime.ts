/**
 * The inside of an execution environment: a process that loads one bundle and takes one invocation at a time from its
 * parent. It is killed, not asked, when its time is up.
 */
import { randomBytes } from "node:crypto";
import { pathToFileURL } from "node:url";

export type ToRuntime = { id: string; event: unknown; deadline: number };
export type FromRuntime =
  | { kind: "ready" }
  | { kind: "unusable"; error: string }
  | { kind: "result"; id: string; result: unknown }
  | { kind: "failed"; id: string; error: string };

type Handler = (event: unknown, context: object) => unknown;

const send = (message: FromRuntime) => process.send?.(message);

async function main([file, exported]: string[]): Promise<void> {
  let handler: Handler;
  try {
    const module = (await import(pathToFileURL(String(file)).href)) as Record<string, unknown>;
    const found = module[String(exported)];
    if (typeof found !== "function") throw new Error(`${file} exports no function ${exported}`);
    handler = found as Handler;
  } catch (error) {
    console.error(error);
    send({ kind: "unusable", error: text(error) });
    return;
  }
  process.on("message", async ({ id, event, deadline }: ToRuntime) => {
    process.env["_X_AMZN_TRACE_ID"] = traceId();
    try {
      send({ kind: "result", id, result: await handler(event, contextOf(id, deadline)) });
    } catch (error) {
      console.error(error);
      send({ kind: "failed", id, error: text(error) });
    }
  });
  send({ kind: "ready" });
}

function contextOf(awsRequestId: string, deadline: number) {
  const {
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memoryLimitInMB,
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupName,
    AWS_REGION: region,
  } = process.env;
  return {
    awsRequestId,
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:${region}:000000000000:function:${functionName}`,
    memoryLimitInMB,
    logGroupName,
    logStreamName: `local/${process.pid}`,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

/** Not sampled: there is nobody to send traces to. */
function traceId(): string {
  const hex = (bytes: number) => randomBytes(bytes).toString("hex");
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${hex(12)};Parent=${hex(8)};Sampled=0`;
}

function text(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// The parent is gone, so is the environment.
process.on("disconnect", () => process.exit(0));
await main(process.argv.slice(2));
