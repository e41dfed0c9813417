import { type ChildProcess, fork } from "node:child_process";
import type { AwsRequest } from "./counting-proxy.ts";
import type { Packaged, Table } from "./packaged.ts";

/** What Connect allows, and what both handlers are told that it allows. */
export interface Quota {
  ratePerSecond: number;
  burst: number;
}

export type EmulatorOrder = Quota & Pick<Packaged, "variables" | "tables" | "queues" | "topics">;

/** Orders and answers between the two processes. */
export type ToEmulators = { kind: "start"; order: EmulatorOrder } | { kind: "journal"; clear: boolean };
export type FromEmulators =
  | { kind: "started"; variables: Record<string, string>; dynamoDB: string }
  | { kind: "journal"; requests: AwsRequest[] };

export interface Emulators {
  /** The environment of a function that is to find the emulators, through the counters. */
  variables: Record<string, string>;
  /** Past the counter: for what the bench itself looks up. */
  dynamoDB: string;
  /** All requests since the last time. */
  requests(): Promise<AwsRequest[]>;
  stop(): Promise<void>;
}

export const recipeTables: Record<string, Table> = {
  Idempotency: tableOf("bench-idempotency", "id"),
  Limiter: tableOf("bench-limiter", "key"),
};

function tableOf(TableName: string, AttributeName: string): Table {
  return {
    TableName,
    AttributeDefinitions: [{ AttributeName, AttributeType: "S" }],
    KeySchema: [{ AttributeName, KeyType: "HASH" }],
    GlobalSecondaryIndexes: [],
  };
}

/** A fresh set, empty and with full buckets, in a process of its own. */
export async function startEmulators(packaged: Packaged, quota: Quota): Promise<Emulators> {
  const child = fork(new URL("./emulators-process.ts", import.meta.url), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const { variables, tables, queues, topics } = packaged;
  const order = { ...quota, variables, queues, topics, tables: { ...tables, ...recipeTables } };
  const started = await ask(child, { kind: "start", order });
  if (started.kind !== "started") throw new Error("the emulators gave another answer than expected");

  return {
    variables: started.variables,
    dynamoDB: started.dynamoDB,
    async requests() {
      const answer = await ask(child, { kind: "journal", clear: true });
      return answer.kind === "journal" ? answer.requests : [];
    },
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    },
  };
}

function ask(child: ChildProcess, order: ToEmulators): Promise<FromEmulators> {
  return new Promise((resolve, reject) => {
    const exited = () => reject(new Error("the emulators' process has ended"));
    child.once("exit", exited);
    child.once("message", (answer: FromEmulators) => {
      child.off("exit", exited);
      resolve(answer);
    });
    child.send(order);
  });
}
