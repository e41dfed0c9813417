import { ExecutionEnvironment, type FunctionDefinition, type Invocation } from "./execution-environment.ts";

/** What happens to one invocation, in this order. */
export type Seen = { functionName: string; event: unknown } & (
  | { phase: "started"; pid: number | undefined }
  | { phase: "ended"; invocation: Invocation }
);

/** A function and its execution environments, which are started when needed and used again. */
export class LambdaFunction {
  readonly definition: FunctionDefinition;
  private readonly notify: (seen: Seen) => void;
  private pool: ExecutionEnvironment[] = [];
  private stopped = false;

  constructor(definition: FunctionDefinition, notify: (seen: Seen) => void = () => {}) {
    this.definition = definition;
    this.notify = notify;
  }

  async invoke(event: unknown): Promise<Invocation> {
    if (this.stopped) return { kind: "died" };
    const functionName = this.definition.name;
    const environment = this.idle();
    const invocation = await environment.invoke(event, () =>
      this.notify({ phase: "started", functionName, event, pid: environment.pid }),
    );
    this.notify({ phase: "ended", functionName, event, invocation });
    return invocation;
  }

  private idle(): ExecutionEnvironment {
    this.pool = this.pool.filter(({ dead }) => !dead);
    const idle = this.pool.find(({ busy }) => !busy);
    if (idle) return idle;
    const fresh = new ExecutionEnvironment(this.definition);
    this.pool.push(fresh);
    return fresh;
  }

  environments(): { pid: number | undefined; busy: boolean }[] {
    return this.pool.filter(({ dead }) => !dead).map(({ pid, busy }) => ({ pid, busy }));
  }

  /** SIGKILL to all that are in an invocation. @returns how many there were */
  killBusy(): number {
    const busy = this.pool.filter((one) => one.busy && !one.dead);
    for (const environment of busy) void environment.kill();
    return busy.length;
  }

  busyCount(): number {
    return this.environments().filter(({ busy }) => busy).length;
  }

  /** Kills every environment, and what it is at, and starts no other. Resolves when all are gone. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.pool.splice(0).map((environment) => environment.kill()));
  }
}
