import { SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, PurgeQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { DynamoContacts } from "../../../lib/contacts/contacts.dynamodb.ts";
import { accountId, region } from "../../../local/stack/emulators.ts";
import { takeAll } from "../../../local/stack/queue-contents.ts";
import { signedByUs } from "../webhook-signing.ts";
import { type Lab, webhookSecret } from "./lab.ts";
import { depthOf, drain, failedOf, recordOf, type Tally } from "./mailbox.ts";
import { callsIn, type Side } from "./side.ts";

const notice = v.object({ requestId: v.string(), type: v.string(), state: v.optional(v.string()) });
const identified = v.object({ requestId: v.string() });
/** States that need no word: all is on its way, or has come to its end. */
const routine = ["deferred", "dialling", "unknown", "placed", "connected", "ended"];
const stillOpen = ["deferred", "dialling", "unknown", "placed", "connected"];

const queues = [
  ["CONTACT_EVENTS_QUEUE_URL", "track-contact"],
  ["CONTACT_RECORDS_QUEUE_URL", "track-contact"],
  ["STOP_REQUESTS_QUEUE_URL", "stop-contact"],
  ["ATTRIBUTE_UPDATES_QUEUE_URL", "update-attributes"],
  ["CALL_REQUESTS_QUEUE_URL", "start-contact"],
] as const;

/** Has the notices kept in a queue. @returns what sets the service up for one fault */
export async function oursIn(lab: Lab) {
  const { env, clients } = lab.stack;
  const QueueName = "faults-notices";
  await clients.sqs.send(new CreateQueueCommand({ QueueName }));
  await clients.sns.send(
    new SubscribeCommand({
      TopicArn: env["CONTACT_NOTICES_TOPIC_ARN"],
      Protocol: "sqs",
      Endpoint: `arn:aws:sqs:${region}:${accountId}:${QueueName}`,
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
  return (name: string) => ourSide(lab, name, `${env["AWS_ENDPOINT_URL_SQS"]}/${accountId}/${QueueName}`);
}

async function ourSide(lab: Lab, name: string, noticesUrl: string): Promise<Side> {
  const { stack } = lab;
  const { env, simulator } = stack;
  const { sqs, dynamoDb } = stack.clients;
  const contacts = new DynamoContacts(dynamoDb, String(env["CONTACTS_TABLE"]));
  const tally: Tally = { handedBack: 0, cutOff: 0 };
  const elsewhere: Tally = { handedBack: 0, cutOff: 0 };
  const requestIds = new Set<string>();
  const told: string[] = [];
  const urlOf = (variable: string) => String(env[variable]);
  const know = (body: unknown) => {
    const asked = v.safeParse(identified, body);
    if (asked.success) requestIds.add(asked.output.requestId);
  };

  const drainAll = async (): Promise<number> => {
    let count = 0;
    for (const [variable, lambda] of queues)
      count += await drain(
        sqs,
        urlOf(variable),
        (event) => stack.invoke(lambda, event),
        lambda === "start-contact" ? tally : elsewhere,
      );
    return count;
  };
  const readNotices = async (): Promise<void> => {
    for (const body of await takeAll(sqs, noticesUrl)) {
      const { requestId, type, state } = v.parse(notice, JSON.parse(body));
      const word = type === "state-changed" ? String(state) : type;
      if (requestIds.has(requestId) && !routine.includes(word) && !told.includes(word)) told.push(word);
    }
  };
  // What was heard of the recipe's contacts is nothing to us.
  for (const variable of ["CALL_REQUESTS_DLQ_URL", "CONTACT_EVENTS_QUEUE_URL", "CONTACT_RECORDS_QUEUE_URL"])
    await sqs.send(new PurgeQueueCommand({ QueueUrl: urlOf(variable) }));
  return {
    name: "ours",
    writes: {
      claim: { operation: "PutItem", text: urlOf("CONTACTS_TABLE") },
      // Only the holder of a claim names its owner.
      record: { operation: "UpdateItem", text: ":ifOwner" },
    },
    send: async (body) => {
      know(body);
      const MessageBody = typeof body === "string" ? body : JSON.stringify(body);
      await sqs.send(new SendMessageCommand({ QueueUrl: urlOf("CALL_REQUESTS_QUEUE_URL"), MessageBody }));
    },
    invoke: async (...bodies) => {
      for (const body of bodies) know(body);
      const Records = bodies.map(recordOf);
      failedOf(await stack.invoke("start-contact", { Records }), Records, tally);
    },
    deliver: async () => {
      await drainAll();
      await stack.invoke("release-due");
      while ((await drainAll()) > 0);
      await readNotices();
    },
    stop: async (requestId) => {
      const MessageBody = JSON.stringify({ stopId: "stop", requestId });
      await sqs.send(new SendMessageCommand({ QueueUrl: urlOf("STOP_REQUESTS_QUEUE_URL"), MessageBody }));
      await drainAll();
    },
    webhook: async (_, order) => {
      know(order);
      const body = JSON.stringify({ type: "call-request", ...Object(order) });
      const signature = signedByUs([webhookSecret], Buffer.from(body), Date.now());
      await fetch(`${stack.apiUrl}/webhooks/ours`, {
        method: "POST",
        headers: { "content-type": "application/json", ...signature },
        body,
      });
    },
    kill: () => void stack.kill("start-contact"),
    outcome: async () => {
      const records = await contacts.look([...requestIds]);
      const isOpen = [...records.values()].some(({ state }) => stillOpen.includes(state));
      const calls = callsIn(simulator, name);
      return {
        ...tally,
        calls: calls.length,
        stopped: calls.filter(({ wasStopped }) => wasStopped).length,
        deadLettered: await depthOf(sqs, urlOf("CALL_REQUESTS_DLQ_URL")),
        told,
        settled: !isOpen && (await depthOf(sqs, urlOf("CALL_REQUESTS_QUEUE_URL"))) === 0,
      };
    },
    end: async () => {},
  };
}
