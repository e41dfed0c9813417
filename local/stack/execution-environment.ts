import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FromRuntime, ToRuntime } from "./lambda-runtime.ts";

export interface FunctionDefinition {
  name: string;
  /** The unpacked bundle and the name that it exports. */
  file: string;
  exported: string;
  timeoutSeconds: number;
  memorySize: number;
  environment: Record<string, string>;
  logFile: string;
}

export type Invocation =
  | { kind: "result"; result: unknown }
  | { kind: "failed"; error: string }
  | { kind: "timed-out" }
  /** The process died under it: killed, or out of memory. */
  | { kind: "died" };

const runtime = fileURLToPath(new URL("./lambda-runtime.ts", import.meta.url));

/** One process that holds one loaded function. As on AWS it has one invocation at a time, and its memory between them. */
export class ExecutionEnvironment {
  busy = false;
  dead = false;
  private readonly child: ChildProcess;
  private readonly ready: Promise<void>;
  private readonly definition: FunctionDefinition;
  private settle: ((invocation: Invocation) => void) | undefined;

  constructor(definition: FunctionDefinition) {
    this.definition = definition;
    const log = openSync(definition.logFile, "a");
    this.child = fork(runtime, [definition.file, definition.exported], {
      env: {
        PATH: process.env["PATH"],
        AWS_LAMBDA_FUNCTION_NAME: definition.name,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memorySize),
        AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
        ...definition.environment,
      },
      execArgv: [`--max-old-space-size=${definition.memorySize}`, "--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", log, log, "ipc"],
    });
    this.ready = new Promise((resolve, reject) => {
      this.child.on("message", (message: FromRuntime) => {
        if (message.kind === "ready") resolve();
        else if (message.kind === "unusable")
          reject(new Error(`${definition.name} cannot be loaded: ${message.error}`));
        else if (message.kind === "result") this.end({ kind: "result", result: message.result });
        else this.end({ kind: "failed", error: message.error });
      });
      this.child.on("exit", () => {
        this.dead = true;
        reject(new Error(`${definition.name} ended while it was loading: see ${definition.logFile}`));
        this.end({ kind: "died" });
      });
    });
    this.ready.catch(() => this.kill());
  }

  async invoke(event: unknown): Promise<Invocation> {
    this.busy = true;
    try {
      await this.ready;
    } catch (error) {
      this.busy = false;
      return { kind: "failed", error: error instanceof Error ? error.message : String(error) };
    }
    if (this.dead) return { kind: "died" };
    const timeoutMs = this.definition.timeoutSeconds * 1000;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.end({ kind: "timed-out" });
        this.kill();
      }, timeoutMs);
      this.settle = (invocation) => {
        clearTimeout(timer);
        this.busy = false;
        resolve(invocation);
      };
      const message: ToRuntime = { id: randomUUID(), event, deadline: Date.now() + timeoutMs };
      this.child.send(message, (error) => {
        if (error) this.end({ kind: "died" });
      });
    });
  }

  kill(): void {
    this.dead = true;
    this.child.kill("SIGKILL");
  }

  private end(invocation: Invocation): void {
    const settle = this.settle;
    this.settle = undefined;
    settle?.(invocation);
  }
}
