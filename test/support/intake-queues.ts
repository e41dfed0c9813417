import { SQSClient } from "@aws-sdk/client-sqs";
import { startFauxqs } from "fauxqs";
import type { MessageKind } from "../../lib/intake/message.ts";

/** What a queue holds of one message. */
export interface Held {
  body: string;
  group?: string | undefined;
}

/** The queues that producers send to, as of the stage `test`, in an SQS of this process. */
export async function startIntakeQueues() {
  const messaging = await startFauxqs({ port: 0, logger: false });
  const names = {
    "call-request": "contact-automation-test-call-requests",
    "stop-request": "contact-automation-test-stop-requests",
    "attribute-update": "contact-automation-test-attribute-updates.fifo",
    "user-command": "contact-automation-test-user-commands.fifo",
  } satisfies Record<MessageKind, string>;
  const access = {
    region: "us-east-1",
    endpoint: messaging.address,
    credentials: { accessKeyId: "stand-in", secretAccessKey: "stand-in" },
  };
  const sqs = new SQSClient({ ...access, maxAttempts: 1 });
  const urlOf = (kind: MessageKind) => `${messaging.address}/000000000000/${names[kind]}`;

  /** @param longest bytes; a longer message is not taken */
  const renew = (longest = 1_048_576) => {
    for (const name of Object.values(names)) {
      messaging.deleteQueue(name);
      messaging.createQueue(name, {
        attributes: {
          MaximumMessageSize: String(longest),
          ...(name.endsWith(".fifo") && { FifoQueue: "true" }),
        },
      });
    }
  };
  renew();

  return {
    sqs,
    access,
    urls: {
      "call-request": urlOf("call-request"),
      "stop-request": urlOf("stop-request"),
      "attribute-update": urlOf("attribute-update"),
      "user-command": urlOf("user-command"),
    } satisfies Record<MessageKind, string>,
    renew,
    held(kind: MessageKind): Held[] {
      const { ready = [] } = messaging.inspectQueue(names[kind])?.messages ?? {};
      return ready.map(({ body, messageGroupId }) => ({ body, group: messageGroupId }));
    },
    async stop() {
      sqs.destroy();
      await messaging.stop();
    },
  };
}

export type IntakeQueues = Awaited<ReturnType<typeof startIntakeQueues>>;
