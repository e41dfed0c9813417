import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { idempotencyTable } from "../../../bench/recipe/tables.ts";
import { accountId, region } from "../../../local/stack/emulators.ts";
import type { Lab } from "./lab.ts";
import { depthOf, drain, failedOf, recordOf, type Tally } from "./mailbox.ts";
import { callsTable, type RecipeFunctions, type Variant } from "./recipe-functions.ts";
import { callsIn, type Side } from "./side.ts";

export interface RecipeOptions {
  /** Of this fault: the contacts that have it as their attribute `case` are its own. */
  name: string;
  variant: Variant;
  timeoutSeconds: number;
  connect: keyof Lab["connect"];
  /** Whether it hears Connect's events, and all is over only once it has heard of the end. */
  listens?: boolean | undefined;
}

/** The recipe, set up for one fault, with a queue of its own. */
export async function recipeSide(
  lab: Lab,
  functions: RecipeFunctions,
  options: RecipeOptions,
): Promise<Side> {
  const { name, variant, listens } = options;
  const { env, clients } = lab.stack;
  const { sqs } = clients;
  const simulator = lab.connect[options.connect];
  const lambda = (which: Variant) => functions.of(which, options);
  const queueUrl = await aQueueLike(lab, String(env["CALL_REQUESTS_QUEUE_URL"]), name);
  const eventsUrl = String(env["CONTACT_EVENTS_QUEUE_URL"]);
  const tally: Tally = { handedBack: 0, cutOff: 0 };

  const hasHeardTheEnd = async (contactId: string) => {
    const Key = { id: { S: contactId } };
    const { Item } = await clients.dynamoDb.send(new GetItemCommand({ TableName: callsTable, Key }));
    return Item?.["state"]?.S === "DISCONNECTED";
  };
  const isOver = async () => {
    if ((await depthOf(sqs, queueUrl)) > 0) return false;
    const heard = await Promise.all(
      callsIn(simulator, name).map(({ contactId }) => hasHeardTheEnd(contactId)),
    );
    return !listens || heard.every(Boolean);
  };

  // What was heard of earlier contacts is nothing to this one.
  await sqs.send(new PurgeQueueCommand({ QueueUrl: eventsUrl }));
  return {
    name: "recipe",
    writes: {
      claim: { operation: "PutItem", text: idempotencyTable },
      record:
        variant === "notesTheContact"
          ? { operation: "PutItem", text: callsTable }
          : { operation: "UpdateItem", text: idempotencyTable },
    },
    send: async (body) => {
      const MessageBody = typeof body === "string" ? body : JSON.stringify(body);
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
    },
    invoke: async (...bodies) => {
      const Records = bodies.map(recordOf);
      failedOf(await lambda(variant).invoke({ Records }), Records, tally);
    },
    stop: async (requestId) =>
      void (await lambda("stopsTheContact").invoke({ Records: [recordOf({ requestId })] })),
    webhook: async (deliveryId, order) =>
      void (await lambda("takesWebhooks").invoke({ deliveryId, order, queueUrl })),
    deliver: async () => {
      await drain(sqs, queueUrl, (event) => lambda(variant).invoke(event), tally);
      if (listens) await drain(sqs, eventsUrl, (event) => lambda("keepsStates").invoke(event), tally);
    },
    kill: () => void lambda(variant).killBusy(),
    outcome: async () => {
      const calls = callsIn(simulator, name);
      return {
        ...tally,
        calls: calls.length,
        stopped: calls.filter(({ wasStopped }) => wasStopped).length,
        deadLettered: await depthOf(sqs, `${queueUrl}-dlq`),
        told: [],
        settled: await isOver(),
      };
    },
    end: () => functions.endVariants(),
  };
}

/** With its own dead-letter queue, and all else as the service's own. */
async function aQueueLike({ stack }: Lab, likeUrl: string, name: string): Promise<string> {
  const { sqs } = stack.clients;
  const AttributeNames = ["VisibilityTimeout" as const, "RedrivePolicy" as const];
  const { Attributes: like } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: likeUrl, AttributeNames }),
  );
  await sqs.send(new CreateQueueCommand({ QueueName: `${name}-dlq` }));
  const deadLetterTargetArn = `arn:aws:sqs:${region}:${accountId}:${name}-dlq`;
  const RedrivePolicy = JSON.stringify({
    ...JSON.parse(String(like?.["RedrivePolicy"])),
    deadLetterTargetArn,
  });
  await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { ...like, RedrivePolicy } }));
  return likeUrl.replace(/[^/]+$/, name);
}
