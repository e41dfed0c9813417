import { GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { MessageKind } from "../lib/intake/message.ts";

/** Those that are sent to. */
export interface QueueUrls {
  callRequests?: string | undefined;
  stopRequests?: string | undefined;
  attributeUpdates?: string | undefined;
  userCommands?: string | undefined;
}

/** The queues of a deployment: by their URLs, or by the stage, which takes the right to sqs:GetQueueUrl. */
export type Deployment = ({ queueUrls: QueueUrls } | { stage: string }) & { region?: string | undefined };

const queues = {
  "call-request": { given: "callRequests", name: "call-requests" },
  "stop-request": { given: "stopRequests", name: "stop-requests" },
  "attribute-update": { given: "attributeUpdates", name: "attribute-updates.fifo" },
  "user-command": { given: "userCommands", name: "user-commands.fifo" },
} as const satisfies Record<MessageKind, { given: keyof QueueUrls; name: string }>;

/** @returns asks SQS for each queue once, when it is first sent to; rejects where there is no such queue */
export function queueUrlsOf(deployment: Deployment, sqs: SQSClient): (kind: MessageKind) => Promise<string> {
  const known = new Map<MessageKind, string>();
  const look = async (kind: MessageKind): Promise<string> => {
    const { given, name } = queues[kind];
    if ("stage" in deployment) {
      const QueueName = `contact-automation-${deployment.stage}-${name}`;
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
      if (QueueUrl) return QueueUrl;
    } else if (deployment.queueUrls[given]) return deployment.queueUrls[given];
    throw new Error(`queueUrls.${given} is needed to send this`);
  };
  return async (kind) => {
    const url = known.get(kind) ?? (await look(kind));
    known.set(kind, url);
    return url;
  };
}
