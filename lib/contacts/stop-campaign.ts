import { campaignShardName, checkShards } from "./call-record.ts";
import type { Contacts } from "./contacts.ts";
import { isStoppedOrOver, mayBeStopped, stoppedBeforeItCame } from "./note-stop.ts";
import type { Patience } from "./patience.ts";
import { campaignKeyOf } from "./record-keys.ts";
import type { StopRequests } from "./stop-contact.ts";
import type { StopRequest } from "./stop-request.ts";

type Steps = {
  contacts: Contacts;
  stopRequests: StopRequests;
  now(): number;
  patience: Pick<Patience, "keepMs">;
};

/** Seconds: longer than a request takes from its look to its record, and than the index lags behind. */
const onceMoreAfter = 60;

/**
 * First a record that stands for the campaign, which start-contact looks at before it dials; then a message for each part of
 * it, and one more for each a minute later, which finds what was just being written.
 * @returns how many stops were handed over
 */
export async function stopCampaign(
  stop: StopRequest,
  campaignId: string,
  steps: Steps,
  mustEndBy: number,
): Promise<number> {
  const { shard, after } = stop;
  if (shard !== undefined) return stopPart({ ...stop, campaignId, shard }, after, steps, mustEndBy);
  const now = steps.now();
  const first = stoppedBeforeItCame(campaignKeyOf(campaignId), stop.reason, steps);
  const written = await steps.contacts.add(first, now);
  if (written.kind === "overtaken") {
    // Stopped before: it is to be kept for as long from now on.
    const { requestId, ttl } = first;
    const again = {
      requestId,
      to: "cancelled",
      amend: true,
      quietly: true,
      attempt: 0,
      set: { ttl },
    } as const;
    await steps.contacts.change(again, now);
  }
  const parts = [0, onceMoreAfter].flatMap((delaySeconds) =>
    checkShards.map((one) => ({ stop: { ...stop, shard: one }, delaySeconds })),
  );
  await steps.stopRequests.send(parts);
  return parts.length;
}

async function stopPart(
  stop: StopRequest & { campaignId: string; shard: string },
  after: string | undefined,
  steps: Steps,
  mustEndBy: number,
): Promise<number> {
  const { stopId, reason } = stop;
  let handedOver = 0;
  for await (const requestIds of steps.contacts.ofCampaign(
    campaignShardName(stop.campaignId, stop.shard),
    after,
  )) {
    const records = [...(await steps.contacts.look(requestIds)).values()];
    const open = records.filter((record) => !isStoppedOrOver(record));
    // Those that ring come first.
    const inOrder = [...open.filter(mayBeStopped), ...open.filter((record) => !mayBeStopped(record))];
    await steps.stopRequests.send(
      inOrder.map(({ requestId }) => ({
        stop: { stopId, requestId, ...(reason !== undefined && { reason }) },
        delaySeconds: 0,
      })),
    );
    handedOver += open.length;
    const last = requestIds.at(-1);
    if (steps.now() > mustEndBy && last !== undefined) {
      await steps.stopRequests.send([{ stop: { ...stop, after: last }, delaySeconds: 0 }]);
      break;
    }
  }
  return handedOver;
}
