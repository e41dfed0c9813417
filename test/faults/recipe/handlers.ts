/** The recipe as people write it: each of these differs from bench/recipe/handler.ts in what is said of it. */
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { makeHandlerIdempotent } from "@aws-lambda-powertools/idempotency/middleware";
import middy from "@middy/core";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { noteContact } from "./notes.ts";
import { aStore, type Order, onBatch, onceEach, orderIn, placeCall } from "./place-call.ts";

export { keepsStates, stopsTheContact, takesWebhooks } from "./around-the-call.ts";

const byRequestId = { eventKeyJmesPath: "requestId" };
const careful = { ...byRequestId, throwOnNoIdempotencyKey: true, expiresAfterSeconds: 14 * 86_400 };

/** As the bench's, without a pace of its own. */
const forPlain = new IdempotencyConfig(careful);
const placeOnly = onceEach(forPlain);
export const unpaced = onBatch((record) => placeOnly(orderIn(record)), forPlain);

/** Notes the contact after the call, and fails if it cannot. */
const forNoting = new IdempotencyConfig(careful);
const placeAndNote = onceEach(forNoting, async (order) => {
  const { contactId } = await placeCall(order);
  await noteContact(String(order.requestId), String(contactId));
  return { contactId };
});
export const notesTheContact = onBatch((record) => placeAndNote(orderIn(record)), forNoting);

/** The middleware around the whole handler, with one message a batch. */
export const asMiddleware = middy(async ({ Records }: SQSEvent) => {
  for (const record of Records) await placeCall(orderIn(record));
}).use(
  makeHandlerIdempotent({
    persistenceStore: aStore(),
    config: new IdempotencyConfig({
      ...careful,
      eventKeyJmesPath: "powertools_json(Records[0].body).requestId",
    }),
  }),
);

/** The whole request is the key, and the function puts the number into form in place. */
const forTidying = new IdempotencyConfig({ expiresAfterSeconds: careful.expiresAfterSeconds });
const tidyAndPlace = onceEach(forTidying, (order) => {
  order.destination = order.destination.trim().replace(/^\+?/, "+");
  order.attributes = { ...order.attributes, tidied: "yes" };
  return placeCall(order);
});
export const tidiesItsInput = onBatch((record) => tidyAndPlace(orderIn(record)), forTidying);

/** A call and a note of it, each once, with one store for both. */
const forTwo = new IdempotencyConfig(careful);
const oneStore = aStore();
const place = makeIdempotent(placeCall, { config: forTwo, persistenceStore: oneStore, keyPrefix: "call" });
const note = makeIdempotent(async ({ requestId }: Order) => ({ noted: requestId ?? null }), {
  config: forTwo,
  persistenceStore: oneStore,
  keyPrefix: "note",
});
export const twoPrefixes = onBatch(async (record: SQSRecord) => {
  const order = orderIn(record);
  await Promise.all([place(order), note(order)]);
}, forTwo);

/** All but the key as it comes: an hour, and no error without a key. */
const forDefaults = new IdempotencyConfig(byRequestId);
const placeByDefaults = onceEach(forDefaults);
export const withDefaults = onBatch((record) => placeByDefaults(orderIn(record)), forDefaults);

/** Nobody told it of the invocation's context. */
const placeWithoutContext = onceEach(new IdempotencyConfig(byRequestId));
export const withoutContext = onBatch((record) => placeWithoutContext(orderIn(record)));

/** The whole request is the key. */
const forWhole = new IdempotencyConfig({ expiresAfterSeconds: careful.expiresAfterSeconds });
const placeWhole = onceEach(forWhole);
export const keyedByAll = onBatch((record) => placeWhole(orderIn(record)), forWhole);
