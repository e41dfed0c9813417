import type { CallRecord } from "../lib/contacts/call-record.ts";
import type { Change, Contacts, FirstRecord, Written } from "../lib/contacts/contacts.ts";
import type { Pacer } from "../lib/pacing/pacer.ts";
import type { RateLimit } from "../lib/pacing/rate.ts";
import type { RateItem } from "./parts/rate-item.ts";
import type { Worker } from "./worker.ts";
import type { World } from "./world.ts";

/** The table `contacts`, as one worker reaches it. */
export class RemoteContacts implements Contacts {
  private readonly world: World;
  private readonly worker: Worker;

  constructor(world: World, worker: Worker) {
    this.world = world;
    this.worker = worker;
  }

  look(requestIds: string[]): Promise<Map<string, CallRecord>> {
    if (requestIds.length === 0) return Promise.resolve(new Map());
    return this.worker.database("look", () => this.world.table.look(requestIds));
  }

  add(first: FirstRecord, now: number): Promise<Written> {
    const writeId = this.world.nextId();
    return this.write("add", () =>
      this.world.written(this.worker, this.world.table.add(first, now, writeId), writeId),
    );
  }

  change(change: Change, now: number): Promise<Written> {
    const writeId = this.world.nextId();
    return this.write("change", () =>
      this.world.written(this.worker, this.world.table.change(change, now, writeId), writeId, change),
    );
  }

  /** The SDK knows how often it has sent a request. */
  private write(what: string, act: () => Written): Promise<Written> {
    let sent = 0;
    return this.worker.database(what, () => {
      sent += 1;
      const written = act();
      return sent > 1 && written.kind === "overtaken" ? { ...written, repeated: true } : written;
    });
  }

  checkLater(record: CallRecord, at: number | undefined): Promise<boolean> {
    return this.worker.database("check-later", () => {
      const held = this.world.table.checkLater(record, at);
      this.world.wantRelease();
      return held;
    });
  }

  requestIdOf(contactId: string): Promise<string | undefined> {
    return this.worker.database("request-id-of", () =>
      this.world.indexLags() ? undefined : this.world.table.requestIdOf(contactId),
    );
  }

  async *ofCampaign(campaignShard: string, after?: string): AsyncIterable<string[]> {
    yield await this.worker.database("of-campaign", () =>
      this.world.table.ofCampaign(campaignShard, after, this.world.shownUntil()),
    );
  }

  toCheck(until: number): AsyncIterable<string[]>[] {
    // Of the other shards it would be seen that there is nothing, and nothing hangs on when.
    return this.world.table.shardsToCheck(until).map((shard) => this.toCheckOf(shard, until));
  }

  private async *toCheckOf(shard: string, until: number): AsyncIterable<string[]> {
    yield await this.worker.database("to-check", () =>
      this.world.indexLags() ? [] : this.world.table.toCheck(shard, until),
    );
  }
}

/** The pacer, as one worker reaches it. */
export function pacerOf(world: World, worker: Worker): Pacer {
  const { pacer } = world;
  const onItem = byClockOf(world, worker);
  return {
    take: (leases, horizonMs) =>
      onItem("take", () => {
        const grant = pacer.take(leases, horizonMs);
        world.wantRelease();
        return grant;
      }),
    release: (leases) => (leases.length === 0 ? done : onItem("release", () => pacer.release(leases))),
    pushBack: (because) => onItem("push-back", () => pacer.pushBack(because)),
    leasesTakenBefore: (at) => onItem("leases", () => pacer.leasesTakenBefore(at)),
  };
}

const done = Promise.resolve();

/** The limit of one operation, as one worker reaches it. */
export function rateOf(world: World, worker: Worker, item: RateItem): RateLimit {
  const onItem = byClockOf(world, worker);
  return {
    take: (count, horizonMs) => onItem("take-moments", () => item.take(count, horizonMs)),
    pushBack: () => onItem("push-back-rate", () => item.pushBack()),
  };
}

/** Requests for items that reckon with the clock of the worker which asks, as it was when it did. */
const byClockOf =
  (world: World, worker: Worker) =>
  <Answer>(what: string, act: () => Answer): Promise<Answer> => {
    const now = worker.now();
    return worker.database(what, () => {
      world.pacedAt = now;
      return act();
    });
  };
