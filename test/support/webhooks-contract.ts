import { beforeEach, describe, expect, it } from "vitest";
import type { AcceptedWebhook, Webhooks } from "../../lib/webhooks/webhooks.ts";
import { days } from "./builders.ts";

const now = Date.parse("2026-11-25T12:00:00Z");
let ids = 0;

/** What the story relies on, of the table and of whatever stands in for it. */
export function webhooksContract(make: () => Webhooks): void {
  describe("keeps the promises of the table webhooks", () => {
    let webhooks: Webhooks;
    let webhookKey: string;
    const aWebhook = (fields: Partial<AcceptedWebhook> = {}): AcceptedWebhook => ({
      webhookKey,
      bodyHash: "hash",
      messages: [{ type: "call-request", id: "r-1" }],
      acceptedAt: new Date(now).toISOString(),
      ttl: (now + days(14)) / 1000,
      ...fields,
    });
    beforeEach(() => {
      webhooks = make();
      ids += 1;
      webhookKey = `ours#contract-${ids}`;
    });

    it("finds what it was told to remember, and nothing else", async () => {
      expect(await webhooks.find(webhookKey, now)).toBeUndefined();
      expect(await webhooks.remember(aWebhook(), now)).toEqual(aWebhook());
      expect(await webhooks.find(webhookKey, now)).toEqual(aWebhook());
      expect(await webhooks.find(`${webhookKey}x`, now)).toBeUndefined();
    });

    it("keeps the first, and tells whoever comes second what that was", async () => {
      await webhooks.remember(aWebhook(), now);
      const second = aWebhook({ bodyHash: "other", messages: [] });
      expect(await webhooks.remember(second, now)).toEqual(aWebhook());
      expect(await webhooks.find(webhookKey, now)).toEqual(aWebhook());
    });

    it("keeps one of ten that come at once", async () => {
      const all = Array.from({ length: 10 }, (_, index) => aWebhook({ bodyHash: `hash-${index}` }));
      const kept = await Promise.all(all.map((webhook) => webhooks.remember(webhook, now)));
      expect(new Set(kept.map(({ bodyHash }) => bodyHash)).size).toBe(1);
    });

    it("has forgotten what has expired, whether or not it is still there", async () => {
      await webhooks.remember(aWebhook(), now);
      const later = now + days(14);
      expect(await webhooks.find(webhookKey, later)).toBeUndefined();
      const again = aWebhook({ bodyHash: "other", ttl: (later + days(14)) / 1000 });
      expect(await webhooks.remember(again, later)).toEqual(again);
    });
  });
}
