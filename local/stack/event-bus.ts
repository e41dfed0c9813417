import type { Deployment } from "./cloudformation.ts";
import { checkPattern, matches } from "./event-pattern.ts";
import { all } from "./properties.ts";

export interface EventBus {
  /** An event of Connect's goes to the targets of every rule that it matches. */
  event(event: object): Promise<void>;
  /** A contact record goes where the pipes lead. */
  record(record: object): Promise<void>;
}

/** @throws Error naming the rule that has a pattern or a target that is not supported */
export function eventBus(
  deployment: Deployment,
  send: (queueArn: string, body: string) => Promise<unknown>,
): EventBus {
  const rules = all(deployment, "AWS::Events::Rule").flatMap(({ logicalId, properties }) => {
    const { EventPattern: pattern, Targets, State } = properties;
    if (pattern === undefined || State === "DISABLED") return [];
    checkPattern(pattern, `${logicalId}.EventPattern`);
    const other = Targets.find(({ Arn, Input }) => !Arn.startsWith("arn:aws:sqs:") || Input !== undefined);
    if (other)
      throw new Error(
        `${logicalId} has the target ${other.Arn}: the local event bus takes whole events to queues, nothing else`,
      );
    return [{ pattern, targets: Targets.map(({ Arn }) => Arn) }];
  });
  const pipes = all(deployment, "AWS::Pipes::Pipe").map(({ properties }) => properties.Target);
  return {
    event: async (event) => {
      const targets = rules.filter(({ pattern }) => matches(pattern, event)).flatMap((rule) => rule.targets);
      for (const target of targets) await send(target, JSON.stringify(event));
    },
    record: async (record) => {
      for (const target of pipes) await send(target, JSON.stringify(record));
    },
  };
}
