import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Delivery } from "../contacts/delivery.ts";
import { count, loggable, logger } from "./log.ts";

type Story<Result> = (deliveries: Delivery[], mustEndBy: number) => Promise<Map<string, Result>>;
type Afterwards<Kind extends string> = Record<Kind, "delete" | "deliver again">;

/** A function of an SQS queue: one story for the batch, and for each message what its result means to the queue. */
export function onSqs<Result extends { kind: string }>(
  story: Story<Result>,
  afterwards: Afterwards<Result["kind"]>,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return async (event, context) => {
    const mustEndBy = Date.now() + context.getRemainingTimeInMillis();
    const results = await story(event.Records.map(deliveryOf), mustEndBy);
    const again = event.Records.filter(({ messageId }) => {
      const result = results.get(messageId);
      report(messageId, result);
      // A message without a result was not dealt with, whatever the reason.
      return !result || afterwards[result.kind as Result["kind"]] === "deliver again";
    });
    return { batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

function deliveryOf({ messageId, body, attributes }: SQSRecord): Delivery {
  return { messageId, body, redelivered: Number(attributes.ApproximateReceiveCount) > 1 };
}

/** Ids, states and reasons of ours only. */
function report(messageId: string, result: object | undefined): void {
  const { kind, why, record, records, error } = (result ?? { kind: "no-result" }) as Partial<
    Record<string, unknown>
  >;
  const line = {
    messageId,
    result: kind,
    ...(why !== undefined && { why }),
    ...(error !== undefined && loggable(error)),
  };
  const changed = Array.isArray(records) ? records.at(-1) : record;
  const entry = { ...line, ...about(changed) };
  count(`result-${kind}`);
  if (kind === "failed" || kind === "no-result")
    logger.error("A message failed and will be delivered again", entry);
  else if (kind === "unusable") logger.error("A message cannot be understood", entry);
  else logger.info("A message was dealt with", entry);
}

function about(record: unknown): Record<string, unknown> {
  if (typeof record !== "object" || record === null) return {};
  const { requestId, attempt, state, outcome, contactId } = record as Record<string, unknown>;
  return {
    requestId,
    attempt,
    state,
    ...(outcome !== undefined && { outcome }),
    ...(contactId !== undefined && { contactId }),
  };
}
