/** What people build around the call by the same recipe: a stop, the contact's events, a webhook. */
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { StopContactCommand } from "@aws-sdk/client-connect";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { z } from "zod";
import { settings } from "../../../bench/recipe/settings.ts";
import { contactOf, noteState } from "./notes.ts";
import { aStore, connect, onBatch } from "./place-call.ts";

const stop = z.object({ requestId: z.string() });
export const stopsTheContact = onBatch(async ({ body }) => {
  const ContactId = await contactOf(stop.parse(JSON.parse(body)).requestId);
  if (ContactId === undefined) return;
  await connect.send(new StopContactCommand({ InstanceId: settings.instanceId, ContactId }));
});

const contactEvent = z.object({ detail: z.object({ contactId: z.string(), eventType: z.string() }) });
export const keepsStates = onBatch(async ({ body }) => {
  const { contactId, eventType } = contactEvent.parse(JSON.parse(body)).detail;
  await noteState(contactId, eventType);
});

interface Webhook {
  deliveryId: string;
  order: unknown;
  queueUrl: string;
}

const sqs = new SQSClient();
const config = new IdempotencyConfig({ eventKeyJmesPath: "deliveryId", throwOnNoIdempotencyKey: true });
const enqueue = makeIdempotent(
  async ({ order, queueUrl: QueueUrl }: Webhook) => {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(order) }));
    return { statusCode: 202 };
  },
  { config, persistenceStore: aStore() },
);
export const takesWebhooks = (webhook: Webhook, context: Context) => {
  config.registerLambdaContext(context);
  return enqueue(webhook);
};
