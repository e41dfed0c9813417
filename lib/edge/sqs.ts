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
    const lines = event.Records.map(({ messageId }) => lineOf(messageId, results.get(messageId)));
    report(lines);
    // A message without a result was not dealt with, whatever the reason.
    const again = event.Records.filter(({ messageId }) => {
      const result = results.get(messageId);
      return !result || afterwards[result.kind as Result["kind"]] === "deliver again";
    });
    return { batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

function deliveryOf({ messageId, body, attributes }: SQSRecord): Delivery {
  const { ApproximateReceiveCount, SequenceNumber, MessageGroupId } = attributes;
  return {
    messageId,
    body,
    redelivered: Number(ApproximateReceiveCount) > 1,
    ...(SequenceNumber !== undefined &&
      MessageGroupId !== undefined && { fifo: { group: MessageGroupId, sequenceNumber: SequenceNumber } }),
  };
}

/** Ids, states and reasons of ours only. */
function lineOf(messageId: string, result: object | undefined): Line {
  const { kind, why, record, records, error, subscriberId, noticeId, commandId, changes } = (result ??
    {}) as Partial<Record<string, unknown>>;
  return {
    messageId,
    result: String(kind ?? "no-result"),
    ...(why !== undefined && { why }),
    ...(noticeId !== undefined && { noticeId, subscriberId }),
    ...(commandId !== undefined && { commandId }),
    ...(changes !== undefined && { changes }),
    ...(error !== undefined && loggable(error)),
    ...about(Array.isArray(records) ? records.at(-1) : record),
  };
}

interface Line {
  messageId: string;
  result: string;
  [fact: string]: unknown;
}

const wrong: Record<string, string> = {
  failed: "A message failed and will be delivered again",
  "no-result": "A message failed and will be delivered again",
  unusable: "A message cannot be understood",
};

/** One line for all that went well, and one for each that did not. */
function report(lines: Line[]): void {
  for (const line of lines) {
    count(`result-${line.result}`);
    const message = wrong[line.result];
    if (message) logger.error(message, line);
  }
  const messages = lines.filter(({ result }) => !wrong[result]);
  if (messages.length > 0) logger.info("Messages were dealt with", { messages });
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
