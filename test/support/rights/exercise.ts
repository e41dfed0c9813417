import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { RunningService } from "../running-service.ts";
import { signedFetch } from "../signed-fetch.ts";
import type { Call } from "./calls.ts";
import type { Recorder } from "./recorder.ts";

/** A running service, and what the exercises ask of it over and over. */
export interface Gym {
  service: RunningService;
  /** A message, to one of the queues of stack.env. */
  put(queue: string, body: unknown, group?: string): Promise<void>;
  /** Invokes a function, and once more with the same before its first write to the table: it finds that another was there. */
  overtaken(functionName: string, body?: unknown): Promise<void>;
  /** Of the HTTP API, with a signature. */
  ask(method: string, path: string, body?: unknown): Promise<Response>;
}

export function gymOf(service: RunningService, { beforeNext }: Pick<Recorder, "beforeNext">): Gym {
  const { stack } = service;
  let sent = 0;
  return {
    service,
    put: async (queue, body, group) => {
      sent += 1;
      await stack.clients.sqs.send(
        new SendMessageCommand({
          QueueUrl: stack.env[queue],
          MessageBody: typeof body === "string" ? body : JSON.stringify(body),
          ...(group !== undefined && {
            MessageGroupId: group,
            MessageDeduplicationId: `exercise-${sent}`,
          }),
        }),
      );
    },
    overtaken: async (functionName, body) => {
      const work = () =>
        stack.invoke(functionName, {
          Records: [
            {
              messageId: crypto.randomUUID(),
              body: JSON.stringify(body),
              attributes: { ApproximateReceiveCount: "1" },
            },
          ],
        });
      const isFirstWrite = (call: Call) =>
        call.functionName.endsWith(`-${functionName}`) &&
        /^dynamodb:(Put|Update)Item$/.test(call.action) &&
        call.resource.endsWith("-contacts");
      beforeNext(isFirstWrite, work);
      await work();
    },
    ask: (method, path, body) =>
      signedFetch(`${service.apiUrl}${path}`, {
        method,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { "content-type": "application/json" },
        }),
      }),
  };
}
