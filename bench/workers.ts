import { type ChildProcess, fork } from "node:child_process";
import { type Message, sqsEvent } from "./sqs-event.ts";
import type { FromWorker, Invoked, ToWorker } from "./worker.ts";

export interface Worker {
  invoke(batch: Message[], timeoutMs: number): Promise<Invoked>;
  stop(): Promise<void>;
}

export async function startWorker(bundle: string, variables: Record<string, string>): Promise<Worker> {
  const child = fork(new URL("./worker.ts", import.meta.url), [bundle], {
    env: { ...variables, PATH: process.env["PATH"], AWS_LAMBDA_FUNCTION_NAME: "start-contact" },
    // A function's log goes to nowhere that costs the function time.
    stdio: ["ignore", "ignore", process.env["BENCH_LOGS"] ? "inherit" : "ignore", "ipc"],
  });
  await answer(child);

  return {
    async invoke(batch, timeoutMs) {
      const reply = await ask(child, { event: sqsEvent(batch), timeoutMs });
      if (reply.kind !== "invoked") throw new Error(`the worker answered ${reply.kind} to a batch`);
      return reply;
    },
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    },
  };
}

function ask(child: ChildProcess, order: ToWorker): Promise<FromWorker> {
  const reply = answer(child);
  child.send(order);
  return reply;
}

function answer(child: ChildProcess): Promise<FromWorker> {
  return new Promise((resolve, reject) => {
    const exited = () => reject(new Error("a worker has ended"));
    child.once("exit", exited);
    child.once("message", (message: FromWorker) => {
      child.off("exit", exited);
      if (message.kind === "failed") reject(new Error(`the handler has thrown: ${message.error}`));
      else resolve(message);
    });
  });
}
