import { randomUUID } from "node:crypto";
import type { Load } from "../config/load.ts";
import type { Channel, Instance } from "../instance/instance.ts";
import type { Journal } from "../journal.ts";
import type { CallLife } from "./call-life.ts";
import type { SimulatedClock } from "./clock.ts";
import { newContact } from "./contact.ts";
import type { ContactStore } from "./contact-store.ts";
import { courseOf } from "./destinations.ts";
import { drawFrom } from "./random.ts";

export type NewArrival = {
  instanceId: string;
  queueId: string;
  channel?: Channel | undefined;
  direction?: Load["direction"] | undefined;
  customer?: string | undefined;
  attributes?: Readonly<Record<string, string>> | undefined;
};

export type InboundLoad = {
  /** Begins to let contacts arrive, or goes on where the journal left off. */
  begin(): void;
  /** One contact now; null when the active calls are at their ceiling, or nobody is free to call out. */
  arrive(arrival: NewArrival): string | null;
  forgetAll(): void;
};

type Source = { key: string; nextAt: number; drawn: number };

type Parts = {
  clock: SimulatedClock;
  instances: ReadonlyMap<string, Instance>;
  contacts: ContactStore;
  calls: CallLife;
  journal: Journal;
  seed: number;
};

const hour = 3_600_000;
const loadDraws = 0x10ad_5eed;

export function inboundLoad({ clock, instances, contacts, calls, journal, seed }: Parts): InboundLoad {
  const cancels = new Set<() => void>();

  function arrive({ instanceId, queueId, direction, ...arrival }: NewArrival): string | null {
    const instance = instances.get(instanceId);
    const queue = instance?.queues.get(queueId);
    if (instance === undefined || queue === undefined) return null;
    const channel = arrival.channel ?? "VOICE";
    const full = contacts.activeCalls(instanceId) >= instance.limits.activeCalls;
    const enabled = direction === "outbound" ? instance.outboundCallsEnabled : instance.inboundCallsEnabled;
    if (channel === "VOICE" && (full || !enabled)) return null;
    if (direction === "outbound" && courseOf(arrival.customer ?? "").kind === "refused") return null;
    const ordinal = contacts.nextOrdinal();
    const customer = `+1206555${String(100 + Math.floor(drawFrom(seed, loadDraws, ordinal).fraction() * 50)).padStart(4, "0")}`;
    const [firstNumber] = instance.phoneNumbers.all();
    const [firstFlow] = instance.contactFlows.all();
    const contact = newContact({
      contactId: randomUUID(),
      instanceId,
      ordinal,
      channel,
      initiationMethod: direction === "outbound" ? "OUTBOUND" : "INBOUND",
      destination: arrival.customer ?? customer,
      source: queue.phoneNumber ?? firstNumber?.number ?? "",
      contactFlowId: firstFlow?.id ?? "",
      queueId,
      initiatedAt: clock.now(),
      attributes: arrival.attributes ?? {},
    });
    if (direction !== "outbound") {
      calls.begin(contact);
      return contact.contactId;
    }
    const agent = instance.floor.agentFor(contact);
    if (agent === undefined) return null;
    calls.beginWith(contact, agent);
    return contact.contactId;
  }

  /** Exponential gaps at the rate of each hour, anew from every full hour, which such gaps allow. */
  function nextArrival(load: Load, from: number, fraction: () => number): number | null {
    const { perHour } = load;
    if (![perHour].flat().some((rate) => rate > 0)) return null;
    for (let at = from; ; ) {
      const hourBegins = Math.floor(at / hour) * hour;
      const rate = typeof perHour === "number" ? perHour : (perHour[(hourBegins / hour) % 24] ?? 0);
      const gap = rate > 0 ? (-Math.log(1 - fraction()) / rate) * hour : Number.POSITIVE_INFINITY;
      if (at + gap < hourBegins + hour) return Math.ceil(at + gap);
      if (typeof perHour === "number" && rate > 0) return Math.ceil(at + gap);
      at = hourBegins + hour;
    }
  }

  function run(instance: Instance, load: Load, index: number): void {
    const key = `${instance.id} ${index}`;
    const found = journal.found<Source>("load").find((one) => one.key === key);
    const source = found ?? { key, nextAt: 0, drawn: 0 };

    function plan(from: number): void {
      source.drawn += 1;
      const draw = drawFrom(seed, loadDraws, index, [...instances.keys()].indexOf(instance.id), source.drawn);
      const at = nextArrival(load, from, draw.fraction);
      if (at === null) return;
      source.nextAt = at;
      journal.put("load", key, source);
      wait();
    }

    function wait(): void {
      const cancel = clock.schedule(source.nextAt, () => {
        cancels.delete(cancel);
        arrive({ ...load, instanceId: instance.id });
        plan(clock.now());
      });
      cancels.add(cancel);
    }

    if (found === undefined || found.nextAt < clock.now()) plan(clock.now());
    else wait();
  }

  return {
    begin() {
      for (const instance of instances.values())
        for (const [index, load] of instance.load.entries()) run(instance, load, index);
    },
    arrive,
    forgetAll() {
      for (const cancel of cancels) cancel();
      cancels.clear();
    },
  };
}
