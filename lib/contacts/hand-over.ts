import type { SendUpdates } from "./attribute-update.ts";
import type { CallRecord } from "./call-record.ts";
import { isOwedUpdates } from "./kept-updates.ts";
import { isOwedAStop } from "./note-stop.ts";
import { contactInKey } from "./record-keys.ts";
import type { StopRequests } from "./stop-contact.ts";
import type { StopRequest } from "./stop-request.ts";

/** The queue `attribute-updates.fifo`. Throws unless all were taken. */
export interface AttributeUpdates {
  send(messages: { group: string; body: string }[]): Promise<void>;
}

/** The queues for what was noted before there was a contact. */
export interface Owed {
  stopRequests: StopRequests;
  attributeUpdates: AttributeUpdates;
}

/**
 * The contact of a request has become known, that was stopped meanwhile or whose attributes were updated: both go back to their
 * queues. A message of which something could not be handed over is delivered again.
 */
export async function handOver<Result extends object>(
  results: Map<string, Result | { kind: "failed"; error: unknown }>,
  queues: Owed,
): Promise<void> {
  const owed = [...results].flatMap(([messageId, result]) => {
    const record = latestRecordOf(result);
    return record && (isOwedAStop(record) || isOwedUpdates(record)) ? [{ messageId, record }] : [];
  });
  if (owed.length === 0) return;
  try {
    await handOverOf(
      owed.map(({ record }) => record),
      queues,
    );
  } catch (error) {
    for (const { messageId } of owed) results.set(messageId, { kind: "failed", error });
  }
}

/** Of records whose contact is known. */
export async function handOverOf(
  records: CallRecord[],
  { stopRequests, attributeUpdates }: Owed,
): Promise<void> {
  const stops = records.filter(isOwedAStop).map((record) => ({ stop: owedStop(record), delaySeconds: 0 }));
  const updates = records.filter(isOwedUpdates).map(({ requestId }) => sendingOf(requestId));
  if (stops.length > 0) await stopRequests.send(stops);
  if (updates.length > 0) await attributeUpdates.send(updates);
}

/** A stop that was noted before there was a contact to stop. */
const owedStop = ({ requestId }: CallRecord): StopRequest => ({ stopId: requestId, requestId });

/** The message that has sent what is on record, behind all of its group that are in the queue already. */
export function sendingOf(
  key: string,
  how: Omit<SendUpdates, "send"> = { tries: 0 },
): { group: string; body: string } {
  const send: SendUpdates = { send: key, ...how };
  return { group: contactInKey(key) ?? key, body: JSON.stringify(send) };
}

function latestRecordOf(result: object): CallRecord | undefined {
  const { record, records } = result as { record?: CallRecord; records?: CallRecord[] };
  return records?.at(-1) ?? record;
}
