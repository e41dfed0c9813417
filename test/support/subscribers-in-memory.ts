import type { Subscriber } from "../../lib/subscribers/subscriber.ts";
import type { Subscribers } from "../../lib/subscribers/subscribers.ts";

const iso = (at: number): string => new Date(at).toISOString();

/** Stands in for the table; passes the contract suite of the DynamoDB adapter. */
export class SubscribersInMemory implements Subscribers {
  readonly items = new Map<string, Subscriber>();

  async all(): Promise<Subscriber[]> {
    return [...this.items.values()].map((item) => ({ ...item }));
  }

  async look(subscriberIds: string[]): Promise<Map<string, Subscriber>> {
    const found = subscriberIds.flatMap((id) => this.items.get(id) ?? []);
    return new Map(found.map((item) => [item.subscriberId, { ...item }]));
  }

  async add(subscriber: Subscriber): Promise<boolean> {
    if (this.items.has(subscriber.subscriberId)) return false;
    this.items.set(subscriber.subscriberId, { ...subscriber });
    return true;
  }

  async remove(subscriberId: string): Promise<boolean> {
    return this.items.delete(subscriberId);
  }

  async enable(subscriberId: string, now: number): Promise<boolean> {
    const item = this.items.get(subscriberId);
    if (item?.status !== "disabled") return false;
    const { reason, failingSince, heldUntil, ...rest } = item;
    this.items.set(subscriberId, { ...rest, status: "enabled", since: iso(now), failures: 0 });
    return true;
  }

  async disable(subscriberId: string, reason: string, now: number): Promise<boolean> {
    const item = this.items.get(subscriberId);
    if (item?.status !== "enabled") return false;
    this.items.set(subscriberId, { ...item, status: "disabled", since: iso(now), reason });
    return true;
  }

  async succeeded(subscriberId: string): Promise<void> {
    const item = this.items.get(subscriberId);
    if (!item) return;
    const { failingSince, heldUntil, ...rest } = item;
    this.items.set(subscriberId, { ...rest, failures: 0 });
  }

  async failed(subscriberId: string, why: string, now: number): Promise<Subscriber | undefined> {
    const item = this.items.get(subscriberId);
    if (!item) return undefined;
    const { failures, failingSince = iso(now) } = item;
    this.items.set(subscriberId, { ...item, failures: failures + 1, lastFailure: why, failingSince });
    return (await this.look([subscriberId])).get(subscriberId);
  }

  async hold({ subscriberId, heldUntil }: Subscriber, until: number): Promise<boolean> {
    const item = this.items.get(subscriberId);
    if (!item || item.heldUntil !== heldUntil) return false;
    this.items.set(subscriberId, { ...item, heldUntil: iso(until) });
    return true;
  }
}
