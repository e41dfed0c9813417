import type { AcceptedWebhook, Webhooks } from "../../lib/webhooks/webhooks.ts";

/** The table `webhooks` as a map; passes the contract of DynamoWebhooks. */
export class WebhooksInMemory implements Webhooks {
  private readonly records = new Map<string, AcceptedWebhook>();

  async find(webhookKey: string, now: number): Promise<AcceptedWebhook | undefined> {
    return this.known(webhookKey, now);
  }

  async remember(webhook: AcceptedWebhook, now: number): Promise<AcceptedWebhook> {
    const before = this.known(webhook.webhookKey, now);
    if (!before) this.records.set(webhook.webhookKey, structuredClone(webhook));
    return before ?? webhook;
  }

  private known(webhookKey: string, now: number): AcceptedWebhook | undefined {
    const found = this.records.get(webhookKey);
    return found && found.ttl > now / 1000 ? structuredClone(found) : undefined;
  }
}
