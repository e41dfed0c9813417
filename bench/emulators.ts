import { type ChildProcess, fork } from "node:child_process";
import type { Template } from "../local/stack/cloudformation.ts";
import type { AwsRequest } from "./counting-proxy.ts";

/** What Connect allows, and what both handlers are told that it allows. */
export interface Quota {
  ratePerSecond: number;
  burst: number;
}

/** Orders and answers between the two processes. */
export type ToEmulators =
  | { kind: "start"; template: Template; quota: Quota }
  | { kind: "requests" | "forget-pace" | "limit" };
export type FromEmulators = ({ kind: "started" } & Started) | { kind: "requests"; requests: AwsRequest[] };

export interface Started {
  /** The environment of a function that is to find the emulators, through the counters. */
  variables: Record<string, string>;
  timeoutMs: number;
  /** Past the counter: for what the bench itself looks up. */
  dynamoDB: string;
}

export interface Emulators extends Started {
  /** All requests since the last time. */
  requests(): Promise<AwsRequest[]>;
  /** Empties the pacer's and the limiter's tables. */
  forgetPace(): Promise<void>;
  /** Until now Connect took every call; from now on it keeps to the quota, with a full bucket and nothing on the journal. */
  limit(): Promise<void>;
  stop(): Promise<void>;
}

/** A fresh set, empty and with full buckets, in a process of its own. */
export async function startEmulators(template: Template, quota: Quota): Promise<Emulators> {
  const child = fork(new URL("./emulators-process.ts", import.meta.url), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const started = await ask(child, { kind: "start", template, quota });
  if (started.kind !== "started") throw new Error("the emulators gave another answer than expected");

  return {
    ...started,
    async requests() {
      const answer = await ask(child, { kind: "requests" });
      return answer.kind === "requests" ? answer.requests : [];
    },
    async forgetPace() {
      await ask(child, { kind: "forget-pace" });
    },
    async limit() {
      await ask(child, { kind: "limit" });
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
