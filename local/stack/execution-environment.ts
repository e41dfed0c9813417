import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FromRuntime, ToRuntime } from "./lambda-runtime.ts";

export interface FunctionDefinition {
  name: string;
  /** Where its package was unpacked. */
  root: string;
  /** The unpacked bundle and the name that it exports. */
  file: string;
  exported: string;
  timeoutSeconds: number;
  /** MiB */
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
/** What Lambda gives a function to load; less than this is asking for chance on a busy machine. */
const leastLoadMs = 10_000;

/** One process that holds one loaded function. As on AWS it has one invocation at a time, and its memory between them. */
export class ExecutionEnvironment {
  busy = false;
  dead = false;
  private readonly child: ChildProcess;
  private readonly definition: FunctionDefinition;
  /** Undefined when the function can be invoked, otherwise why not. */
  private readonly loaded: Promise<Invocation | undefined>;
  private readonly exited: Promise<void>;
  private settle: ((invocation: Invocation) => void) | undefined;

  constructor(definition: FunctionDefinition) {
    this.definition = definition;
    this.child = start(definition);
    this.exited = new Promise((resolve) => {
      this.child.once("exit", () => resolve());
      this.child.once("error", () => resolve());
    });
    this.loaded = this.load();
    void this.exited.then(() => {
      this.dead = true;
      this.end({ kind: "died" });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** @param onStart is told when the function is about to begin */
  async invoke(event: unknown, onStart?: () => void): Promise<Invocation> {
    this.busy = true;
    const unusable = await this.loaded;
    if (unusable) {
      this.busy = false;
      return unusable;
    }
    onStart?.();
    if (this.dead) return { kind: "died" };
    const timeoutMs = this.definition.timeoutSeconds * 1000;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.log(`Task timed out after ${this.definition.timeoutSeconds} seconds`);
        this.end({ kind: "timed-out" });
        void this.kill();
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

  /** SIGKILL. Resolves when the process is gone. */
  kill(): Promise<void> {
    this.dead = true;
    this.child.kill("SIGKILL");
    return this.exited;
  }

  private async load(): Promise<Invocation | undefined> {
    const answered = new Promise<Invocation | undefined>((resolve) => {
      this.child.on("message", (message: FromRuntime) => {
        if (message.kind === "ready") resolve(undefined);
        else if (message.kind === "unusable") resolve({ kind: "failed", error: message.error });
        else if (message.kind === "result") this.end({ kind: "result", result: message.result });
        else this.end({ kind: "failed", error: message.error });
      });
    });
    const died = this.exited.then((): Invocation => ({ kind: "died" }));
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<Invocation>((resolve) => {
      const ms = Math.max(leastLoadMs, this.definition.timeoutSeconds * 1000);
      timer = setTimeout(() => resolve({ kind: "timed-out" }), ms);
    });
    const outcome = await Promise.race([answered, died, tooLong]);
    clearTimeout(timer);
    if (outcome) void this.kill();
    return outcome;
  }

  private end(invocation: Invocation): void {
    const settle = this.settle;
    this.settle = undefined;
    settle?.(invocation);
  }

  private log(line: string): void {
    appendFileSync(this.definition.logFile, `${line}\n`);
  }
}

function start(definition: FunctionDefinition): ChildProcess {
  const { name, root, file, exported, memorySize, environment, logFile } = definition;
  const log = openSync(logFile, "a");
  try {
    return fork(runtime, [file, exported], {
      env: {
        PATH: process.env["PATH"],
        TZ: "UTC",
        LAMBDA_TASK_ROOT: root,
        AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
        AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
        AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
        ...environment,
      },
      execArgv: [`--max-old-space-size=${memorySize}`, "--disable-warning=ExperimentalWarning"],
      stdio: ["ignore", log, log, "ipc"],
      // A process group of its own: Ctrl-C in the terminal is for the stack, which lets invocations end.
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}
