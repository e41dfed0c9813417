import { iso } from "../lib/contacts/contacts.ts";
import { refusedAttribute } from "./parts/connect.ts";
import { start, type World } from "./world.ts";

/** What producers have asked for, to be held against what came of it. */
export interface Asked {
  requests: Set<string>;
  conflicts: Set<string>;
  stopped: Set<string>;
  stoppedContacts: Set<string>;
  updates: AskedUpdate[];
}

export interface AskedUpdate {
  updateId: string;
  occurredAt: string;
  requestId?: string;
  contactId?: string;
  attributes: Record<string, string>;
}

/** Numbers that exist: reading one takes longer than most of a history, and is no part of the promises. */
const numbers = ["+33142685300", "+4930901820"];
const campaign = "campaign";
const keys = ["a", "b", "c"];

/** Milliseconds from the start within which the producers send. */
const busyMs = 120_000;

/** The share of histories with one plain request, of which there can be the more. */
const plain = 0.7;

/** Schedules all that the producers of a history send. @returns what they ask for, and when they are done */
export function askAway(world: World): { asked: Asked; doneAt: number } {
  const asked: Asked = {
    requests: new Set(),
    conflicts: new Set(),
    stopped: new Set(),
    stoppedContacts: new Set(),
    updates: [],
  };
  const producer = new Producer(world, asked);
  if (world.random.chance(plain)) producer.askForCall("r-1", true);
  else {
    const count = world.random.pick([1, 1, 2, 2, 3, 4]);
    for (let index = 1; index <= count; index += 1) producer.askForCall(`r-${index}`, false);
    producer.askForOthers();
  }
  return { asked, doneAt: producer.doneAt };
}

class Producer {
  doneAt = start;
  private readonly world: World;
  private readonly asked: Asked;
  private updates = 0;

  constructor(world: World, asked: Asked) {
    this.world = world;
    this.asked = asked;
  }

  askForCall(requestId: string, isPlain: boolean): void {
    const { random } = this.world;
    const at = this.moment();
    const inCampaign = !isPlain && random.chance(0.08);
    const request = this.requestOf(requestId, isPlain, inCampaign);
    this.asked.requests.add(requestId);
    this.sendAt(at, "call-requests", JSON.stringify(request));
    // Who gets no answer from SQS sends again.
    if (random.chance(this.world.hostility.ofRequest < 0.1 ? 0.15 : 0.5))
      this.sendAt(this.moment(), "call-requests", JSON.stringify(request));
    if (isPlain) return;
    if (random.chance(0.06)) {
      this.asked.conflicts.add(requestId);
      const other = { ...request, attributes: { other: "content" } };
      this.sendAt(this.moment(), "call-requests", JSON.stringify(other));
    }
    if (random.chance(0.25)) this.stop(requestId, inCampaign);
    if (random.chance(0.3)) this.update(requestId);
  }

  askForOthers(): void {
    const { random } = this.world;
    if (random.chance(0.03))
      this.sendAt(this.moment(), random.pick(["call-requests", "stop-requests", "contact-events"]), "poison");
    if (random.chance(0.02)) this.stop("r-that-never-comes", false);
  }

  private requestOf(requestId: string, isPlain: boolean, inCampaign: boolean) {
    const { random } = this.world;
    if (isPlain) return { requestId, destination: random.pick(numbers) };
    const retries = random.chance(0.3);
    return {
      requestId,
      destination: random.chance(0.02) ? "not a number" : random.pick(numbers),
      ...(random.chance(0.5) && { attributes: { a: "own", d: "own" } }),
      ...(inCampaign && { campaignId: campaign }),
      ...(random.chance(0.1) && { notBefore: iso(start + random.between(0, 1_200_000)) }),
      ...(random.chance(0.08) && { expiresAt: iso(start + random.between(1_300_000, 2_400_000)) }),
      ...(retries && {
        retry: {
          attempts: random.between(2, 3),
          after: { busy: "PT30S", "no-answer": "PT2M", "answered-flow": "PT0S", "network-problem": "PT10S" },
        },
      }),
      ...(random.chance(0.2) && { onUnknown: "redial" }),
    };
  }

  private stop(requestId: string, inCampaign: boolean): void {
    const { random, connect } = this.world;
    const stopId = `stop-${requestId}`;
    const at = this.moment() + (random.chance(0.3) ? random.between(0, 300_000) : 0);
    const reason = random.chance(0.5) ? { reason: "because" } : {};
    if (inCampaign && random.chance(0.5)) {
      this.sendAt(at, "stop-requests", JSON.stringify({ stopId, campaignId: campaign, ...reason }));
      this.asked.stopped.add(campaign);
    } else if (random.chance(0.75)) {
      this.sendAt(at, "stop-requests", JSON.stringify({ stopId, requestId, ...reason }));
      this.asked.stopped.add(requestId);
    } else {
      this.at(at, () => {
        const contact = connect.contacts.find((one) => one.requestId === requestId && one.known);
        if (!contact) return;
        const { contactId } = contact;
        this.asked.stoppedContacts.add(contactId);
        this.world.send("stop-requests", JSON.stringify({ stopId, contactId, ...reason }));
      });
    }
  }

  private update(requestId: string): void {
    const { random, connect } = this.world;
    const count = random.pick([1, 1, 2, 3]);
    for (let index = 0; index < count; index += 1) {
      const at = this.moment() + (random.chance(0.2) ? random.between(0, 300_000) : 0);
      this.updates += 1;
      const updateId = `u-${this.updates}`;
      const refused = random.chance(0.05) ? { [refusedAttribute]: updateId } : {};
      const key = random.pick(keys);
      const attributes = {
        [key]: updateId,
        ...(random.chance(0.3) && { [random.pick(keys)]: updateId }),
        ...refused,
      };
      const occurredAt = iso(start + random.between(0, 60) * 1_000);
      const ofContact = random.chance(0.2);
      const twice = random.chance(0.2) ? random.between(1, 400_000) : undefined;
      this.at(at, () => {
        const contact = ofContact
          ? connect.contacts.find((one) => one.requestId === requestId && one.known)
          : undefined;
        const target = contact ? { contactId: contact.contactId } : { requestId };
        const update: AskedUpdate = { updateId, occurredAt, attributes, ...target };
        this.asked.updates.push(update);
        const how = { group: contact?.contactId ?? requestId, deduplicationId: updateId };
        this.world.send("attribute-updates", JSON.stringify(update), how);
        if (twice !== undefined)
          this.at(this.world.clock.now + twice, () =>
            this.world.send("attribute-updates", JSON.stringify(update), how),
          );
      });
    }
  }

  private moment(): number {
    const { random } = this.world;
    // Much of it comes at once, so that it meets.
    return start + (random.chance(0.5) ? random.between(0, 3_000) : random.between(0, busyMs));
  }

  private sendAt(at: number, queue: Parameters<World["send"]>[0], body: string): void {
    this.at(at, () => this.world.send(queue, body));
  }

  private at(at: number, happen: () => void): void {
    this.doneAt = Math.max(this.doneAt, at);
    this.world.clock.at(at, happen);
  }
}
