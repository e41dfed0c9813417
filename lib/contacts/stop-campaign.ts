import { campaignShards } from "./call-record.ts";
import { type Contacts, iso } from "./contacts.ts";
import { isStoppedOrOver, stopReasonOf } from "./note-stop.ts";
import { type Patience, ttlFrom } from "./patience.ts";
import type { StopRequests } from "./stop-contact.ts";
import { campaignKeyOf, type StopRequest } from "./stop-request.ts";

type Steps = {
  contacts: Contacts;
  stopRequests: StopRequests;
  now(): number;
  patience: Pick<Patience, "keepMs">;
};

/** Seconds: longer than a request takes from its look to its record, and than the index lags behind. */
const onceMoreAfter = 60;

/**
 * First a record that stands for the campaign, which start-contact looks at before it takes up a request; then a stop for each
 * request there is. A second pass finds what was just being written in the first.
 * @returns how many stops were handed over
 */
export async function stopCampaign(stop: StopRequest, campaignId: string, steps: Steps): Promise<number> {
  const now = steps.now();
  await steps.contacts.add(
    {
      requestId: campaignKeyOf(campaignId),
      requestHash: "",
      state: "cancelled",
      attempt: 0,
      reason: stopReasonOf(stop.reason),
      stopAt: iso(now),
      ttl: ttlFrom(now, steps.patience),
    },
    now,
  );
  let handedOver = 0;
  for (const shard of campaignShards(campaignId)) {
    for await (const requestIds of steps.contacts.ofCampaign(shard)) {
      const records = [...(await steps.contacts.look(requestIds)).values()];
      const open = records.filter((record) => !isStoppedOrOver(record));
      const { stopId, reason } = stop;
      const stops = open.map(({ requestId }) => ({
        stopId,
        requestId,
        ...(reason !== undefined && { reason }),
      }));
      await steps.stopRequests.send(stops.map((one) => ({ stop: one, delaySeconds: 0 })));
      handedOver += stops.length;
    }
  }
  if (stop.pass === undefined) {
    await steps.stopRequests.send([{ stop: { ...stop, pass: 2 }, delaySeconds: onceMoreAfter }]);
  }
  return handedOver;
}
