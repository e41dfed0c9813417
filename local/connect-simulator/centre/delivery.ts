import { setTimeout as wait } from "node:timers/promises";
import * as v from "valibot";

import type { SimulatedClock } from "./clock.ts";
import type { ContactEventEnvelope } from "./contact-events.ts";
import type { ContactRecord } from "./contact-records.ts";
import { type Draw, drawFrom } from "./random.ts";
import type { Deliver } from "./telling.ts";

const fraction = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)));

export const eventSettingsSchema = v.strictObject({
  /** Fractions of the contact events that are lost, sent twice, overtaken by later ones. */
  lose: fraction,
  duplicate: fraction,
  shuffle: fraction,
  /** Each event comes late by up to so many simulated milliseconds. */
  maxDelayMs: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(86_400_000))),
  /** Fraction of the events that lack `disconnectReason`, which AWS does not promise. */
  withoutReason: fraction,
  /** Fraction of the events in the odd shapes that AWS's own samples show. */
  odd: fraction,
  /** Fraction of the contact records that are lost or sent twice. */
  loseRecords: fraction,
  duplicateRecords: fraction,
  seed: v.optional(v.pipe(v.number(), v.safeInteger())),
});

export type EventSettings = v.InferInput<typeof eventSettingsSchema>;

export type Sinks = {
  deliverEvent?: ((envelope: ContactEventEnvelope) => Promise<void>) | undefined;
  deliverRecord?: ((record: ContactRecord) => Promise<void>) | undefined;
  /** What nobody received is sent again after a restart. */
  keepsUndelivered: boolean;
  warn: (message: string) => void;
};

export type Delivery = Deliver & {
  change(settings: EventSettings): void;
  /** Resolves when all that is under way has been handed over or given up, or after 5 seconds. */
  settled(): Promise<void>;
  /** How many contacts something is being sent of. */
  backlog(): number;
  forgetAll(): void;
  stop(): Promise<void>;
};

/** A shuffled event may be overtaken by all that happens within so many simulated milliseconds. */
const shuffleWindow = 60_000;

const pausesBetweenTries = [100, 200, 400, 800];

export function delivery(clock: SimulatedClock, sinks: Sinks): Delivery {
  let settings: EventSettings = {};
  let draw: Draw = drawFrom(0);
  const held = new Set<() => void>();
  const underWay = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let generation = 0;

  const chance = (of: number | undefined): boolean => (of ?? 0) > 0 && draw.fraction() < (of ?? 0);

  /** True once it has been received. */
  async function handOver(what: string, send: () => Promise<void>): Promise<boolean> {
    for (const pause of [...pausesBetweenTries, null]) {
      if (stopping.signal.aborted) return false;
      try {
        await send();
        return true;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (pause === null) sinks.warn(`${what} is given up: ${reason}`);
        else {
          sinks.warn(`${what} was not received and is sent again: ${reason}`);
          await wait(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
        }
      }
    }
    return false;
  }

  // One after another for each contact, so that an undisturbed delivery keeps the order of events.
  function inTurn(contactId: string, task: () => Promise<void>): void {
    const own = generation;
    // What is forgotten while it waits for its turn is not sent any more.
    const ifStillWanted = async () => {
      if (own === generation) await task();
    };
    const turn = (underWay.get(contactId) ?? Promise.resolve()).then(ifStillWanted).finally(() => {
      if (underWay.get(contactId) === turn) underWay.delete(contactId);
    });
    underWay.set(contactId, turn);
  }

  function sendEvent(envelope: ContactEventEnvelope): void {
    const { deliverEvent } = sinks;
    if (deliverEvent === undefined) return;
    const { contactId, eventType } = envelope.detail;
    inTurn(contactId, async () => {
      await handOver(`${eventType} of contact ${contactId}`, () => deliverEvent(envelope));
    });
  }

  function later(delay: number, run: () => void): void {
    if (delay <= 0) {
      run();
      return;
    }
    const cancel = clock.schedule(clock.now() + delay, () => {
      held.delete(cancel);
      run();
    });
    held.add(cancel);
  }

  const lateness = (): number =>
    Math.round(draw.fraction() * (settings.maxDelayMs ?? 0)) +
    (chance(settings.shuffle) ? Math.round(draw.fraction() * shuffleWindow) : 0);

  return {
    event(make) {
      if (sinks.deliverEvent === undefined || chance(settings.lose)) return;
      const envelope = disguised(make(), chance(settings.withoutReason), chance(settings.odd));
      const copies = chance(settings.duplicate) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) later(lateness(), () => sendEvent(envelope));
    },
    record(make, done) {
      const { deliverRecord } = sinks;
      if (deliverRecord === undefined || chance(settings.loseRecords)) {
        done();
        return;
      }
      const record = make();
      const copies = chance(settings.duplicateRecords) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        inTurn(record.ContactId, async () => {
          const what = `the record of contact ${record.ContactId}`;
          const received = await handOver(what, () => deliverRecord(record));
          // Given up: only a journal can have it sent again.
          if (received || (!sinks.keepsUndelivered && !stopping.signal.aborted)) done();
        });
      }
    },
    change(next) {
      settings = next;
      draw = drawFrom(next.seed ?? 0);
    },
    backlog: () => underWay.size,
    settled: () => within(5_000, Promise.all(underWay.values())),
    forgetAll() {
      for (const cancel of held) cancel();
      held.clear();
      underWay.clear();
      generation += 1;
      settings = {};
    },
    async stop() {
      stopping.abort();
      await within(1_000, Promise.all(underWay.values()));
    },
  };
}

/** Waits for `work`, but no longer than so many milliseconds: a sink may never answer. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  const limit = wait(milliseconds, undefined, { signal: patience.signal }).catch(() => undefined);
  await Promise.race([work, limit]);
  patience.abort();
}

const neverHappened = "1970-01-01T00:00:00.001Z";

/** The same event as AWS might also have put it. */
function disguised(
  envelope: ContactEventEnvelope,
  withoutReason: boolean,
  odd: boolean,
): ContactEventEnvelope {
  const { disconnectReason, ...rest } = envelope.detail;
  const detail = withoutReason || disconnectReason === undefined ? rest : { ...rest, disconnectReason };
  if (!odd) return { ...envelope, detail };
  return {
    ...envelope,
    detail: {
      connectedToSystemTimestamp: neverHappened,
      disconnectTimestamp: neverHappened,
      ...detail,
      channel: "Voice",
      ...{ contactLens: { conversationalAnalytics: { configuration: { enabled: false } } } },
    },
  };
}
