import { ExecutionEnvironment, type FunctionDefinition, type Invocation } from "./execution-environment.ts";

/** A function and its execution environments, which are started when needed and used again. */
export class LambdaFunction {
  readonly definition: FunctionDefinition;
  private environments: ExecutionEnvironment[] = [];

  constructor(definition: FunctionDefinition) {
    this.definition = definition;
  }

  async invoke(event: unknown): Promise<Invocation> {
    this.environments = this.environments.filter(({ dead }) => !dead);
    let environment = this.environments.find(({ busy }) => !busy);
    if (!environment) {
      environment = new ExecutionEnvironment(this.definition);
      this.environments.push(environment);
    }
    return environment.invoke(event);
  }

  /** SIGKILL to all that are in an invocation. @returns how many there were */
  killBusy(): number {
    const busy = this.environments.filter((one) => one.busy && !one.dead);
    for (const environment of busy) environment.kill();
    return busy.length;
  }

  busyCount(): number {
    return this.environments.filter((one) => one.busy && !one.dead).length;
  }

  stop(): void {
    for (const environment of this.environments) environment.kill();
    this.environments = [];
  }
}
