import type { CallRecord } from "./call-record.ts";
import { isOwedAStop } from "./note-stop.ts";
import type { StopRequests } from "./stop-contact.ts";
import type { StopRequest } from "./stop-request.ts";

/** A stop that was noted before there was a contact to stop. */
export const owedStop = ({ requestId }: CallRecord): StopRequest => ({ stopId: requestId, requestId });

/**
 * The contact of a request that was stopped meanwhile has become known: the stop goes back to its queue. A message whose stop
 * could not be handed over is delivered again.
 */
export async function handOverStops<Result extends object>(
  results: Map<string, Result | { kind: "failed"; error: unknown }>,
  stopRequests: StopRequests,
): Promise<void> {
  const owed = [...results].flatMap(([messageId, result]) => {
    const record = latestRecordOf(result);
    return record && isOwedAStop(record) ? [{ messageId, record }] : [];
  });
  if (owed.length === 0) return;
  try {
    await stopRequests.send(owed.map(({ record }) => ({ stop: owedStop(record), delaySeconds: 0 })));
  } catch (error) {
    for (const { messageId } of owed) results.set(messageId, { kind: "failed", error });
  }
}

function latestRecordOf(result: object): CallRecord | undefined {
  const { record, records } = result as { record?: CallRecord; records?: CallRecord[] };
  return records?.at(-1) ?? record;
}
