import type { Instance } from "../instance/instance.ts";
import { addTo, type Books } from "./books.ts";
import { type CallDesk, callDesk } from "./call-desk.ts";
import { endingSteps, planCall, planTalk, stage } from "./call-plan.ts";
import { nextInChain } from "./chain.ts";
import type { SimulatedClock } from "./clock.ts";
import { type Contact, isInQueue, type PlannedStep } from "./contact.ts";
import type { ContactStore } from "./contact-store.ts";
import type { Agent } from "./floor.ts";
import { inOrder, plans } from "./plans.ts";
import { drawFrom } from "./random.ts";
import { type Deliver, telling } from "./telling.ts";

export type CallLife = {
  /** The first moment of a contact. */
  begin(contact: Contact): void;
  /** A contact that a free agent makes by hand. */
  beginWith(contact: Contact, agent: Agent): void;
  /** A contact that Connect accepts and cannot place: the customer's side gets a fast busy. */
  refuseByNetwork(contact: Contact): void;
  stop(contact: Contact): void;
  attributesChanged(contact: Contact): void;
  tagsChanged(contact: Contact): void;
  /** Gives a free agent the next contact that waits. */
  agentIsFree(agent: Agent): void;
  /** Takes up what the journal knows of: contacts in flight and records that nobody has received. */
  resume(): void;
  forgetAll(): void;
};

type Parts = {
  clock: SimulatedClock;
  contacts: ContactStore;
  instances: ReadonlyMap<string, Instance>;
  deliver: Deliver;
  seed: number;
  /** An agent's error state begins, and ends by itself. */
  agentMissed(agent: Agent): void;
  commit(): void;
};

export function callLife(parts: Parts): CallLife {
  const { clock, contacts, instances, deliver, seed, commit } = parts;
  const desk: CallDesk = callDesk({ clock, seed, offer, connected, missed: parts.agentMissed });

  function instanceOf(contact: Contact): Instance {
    const instance = instances.get(contact.instanceId);
    if (instance === undefined) throw new Error(`there is no instance ${contact.instanceId}`);
    return instance;
  }

  const tell = telling({ contacts, deliver, instanceOf, commit });
  const plan = plans<PlannedStep, Contact>(clock, ({ contactId }) => contactId, take);
  const booksOf = (contact: Contact): Books => instanceOf(contact).books;

  /** What Connect tells of: the contact's new state, and an event. */
  function reach(contact: Contact, state: Contact["state"], at: number): void {
    contact.state = state;
    contact.lastUpdateAt = at;
    contacts.save(contact);
    tell.event(contact, state, at);
  }

  function take(contact: Contact, step: PlannedStep): void {
    const { at } = step;
    const instance = instanceOf(contact);
    if (contact.machineDetection && "detection" in step) contact.detectionStatus = step.detection ?? null;
    switch (step.kind) {
      case "CONNECTED_TO_SYSTEM":
        contact.connectedAt = at;
        reach(contact, "CONNECTED_TO_SYSTEM", at);
        return;
      case "QUEUED":
        queue(contact, at);
        return;
      case "PATIENCE_ENDS":
        losePatience(contact, at);
        return;
      case "ACCEPTED":
      case "CONNECTED_TO_AGENT":
        desk.accept(contact, instance, at);
        return;
      case "MISSED":
        desk.miss(contact, instance, at);
        contacts.save(contact);
        desk.findAgent(contact, instance);
        return;
      case "ON_HOLD":
        contact.onHoldSince = at;
        contact.holds += 1;
        contacts.save(contact);
        return;
      case "OFF_HOLD":
        endHold(contact, at);
        contacts.save(contact);
        return;
      case "CONSULTED":
        booksOf(contact).enter(contact, at).consulted += 1;
        contacts.save(contact);
        return;
      case "TRANSFERRED":
        transfer(contact, at);
        return;
      case "DISCONNECTED":
        disconnect(contact, step.reason, at);
        return;
      case "COMPLETED":
        contact.completedAt = at;
        desk.finish(contact, instance, at);
        reach(contact, "COMPLETED", at);
        desk.release(contact, instance);
        return;
      case "RECORD":
        tell.record(contact);
        return;
    }
  }

  function queue(contact: Contact, at: number): void {
    const { floor, books, behaviour } = instanceOf(contact);
    floor.part(contact);
    contact.scheduled = false;
    contact.enqueuedAt = at;
    books.enter(contact, at).queued += 1;
    floor.join(contact);
    if (!contact.patient) {
      const patience = drawFrom(seed, contact.ordinal, stage.patience).milliseconds(
        behaviour.durations.patience,
      );
      contact.ahead.push({ kind: "PATIENCE_ENDS", at: at + patience });
    }
    reach(contact, "QUEUED", at);
    desk.findAgent(contact, instanceOf(contact));
  }

  function offer(contact: Contact, steps: PlannedStep[]): void {
    contact.ahead = inOrder([...contact.ahead, ...steps]);
    contacts.save(contact);
    plan.follow(contact);
  }

  function connected(contact: Contact, at: number): void {
    contact.ahead = planTalk(contact, seed, instanceOf(contact).behaviour);
    reach(contact, "CONNECTED_TO_AGENT", at);
  }

  function endHold(contact: Contact, at: number): void {
    if (contact.onHoldSince === null) return;
    const ms = at - contact.onHoldSince;
    contact.onHoldSince = null;
    contact.holdMs += ms;
    contact.longestHoldMs = Math.max(contact.longestHoldMs, ms);
  }

  function losePatience(contact: Contact, at: number): void {
    const { behaviour, queues } = instanceOf(contact);
    const draw = drawFrom(seed, contact.ordinal, stage.patience, at);
    const elsewhere = [...queues.all()].filter(({ id }) => id !== contact.queueId);
    const moved = draw.chance(behaviour.queueTransfers) && contact.initiationMethod !== "QUEUE_TRANSFER";
    const target = moved ? elsewhere[Math.floor(draw.fraction() * elsewhere.length)] : undefined;
    const wantsCall = target === undefined && contact.channel === "VOICE" && draw.chance(behaviour.callbacks);
    if (target !== undefined) {
      desk.dequeue(contact, instanceOf(contact), at, "transferred");
      follow(contact, "QUEUE_TRANSFER", target.id, at);
    } else if (wantsCall) {
      desk.dequeue(contact, instanceOf(contact), at, "callback");
      follow(contact, "CALLBACK", contact.queueId, at);
    }
    const reason = target === undefined && !wantsCall ? "CUSTOMER_DISCONNECT" : "CONTACT_FLOW_DISCONNECT";
    end(contact, reason, at, 0);
  }

  function transfer(contact: Contact, at: number): void {
    const { queues, books, behaviour } = instanceOf(contact);
    const draw = drawFrom(seed, contact.ordinal, stage.talk, at);
    const others = [...queues.all()].filter(({ id }) => id !== contact.queueId);
    const target = others[Math.floor(draw.fraction() * others.length)]?.id ?? contact.queueId;
    books.enter(contact, at).transferredOut += 1;
    contact.transferredAt = at;
    follow(contact, "TRANSFER", target, at);
    end(contact, "AGENT_DISCONNECT", at, draw.milliseconds(behaviour.durations.afterContactWork));
  }

  function follow(
    before: Contact,
    method: "TRANSFER" | "QUEUE_TRANSFER" | "CALLBACK",
    queueId: string,
    at: number,
  ): void {
    const contact = nextInChain(before, method, { ordinal: contacts.nextOrdinal(), queueId, at });
    if (method !== "CALLBACK") {
      const book = booksOf(contact).enter(contact, at);
      book.transferredIn += 1;
      if (method === "QUEUE_TRANSFER") book.transferredInFromQueue += 1;
    }
    begin(contact);
  }

  function begin(contact: Contact): void {
    const { behaviour, floor } = instanceOf(contact);
    contact.ahead = planCall(contact, seed, behaviour.durations);
    if (contact.scheduled) floor.join(contact);
    booksOf(contact).enter(contact, contact.initiatedAt).created += 1;
    contacts.save(contact);
    tell.event(contact, "INITIATED", contact.initiatedAt);
    plan.follow(contact);
  }

  /** Ends a contact now, whatever it still had before it. */
  function end(contact: Contact, reason: string, at: number, afterContactWork: number): void {
    const { durations } = instanceOf(contact).behaviour;
    const draw = drawFrom(seed, contact.ordinal, stage.stop);
    contact.ahead = endingSteps({ at, reason, afterContactWork }, draw, durations);
    contact.ahead.shift();
    disconnect(contact, reason, at);
    plan.follow(contact);
  }

  function disconnect(contact: Contact, reason: string, at: number): void {
    const instance = instanceOf(contact);
    const book = instance.books.enter(contact, at);
    if (isInQueue(contact)) desk.dequeue(contact, instance, at, "abandoned");
    if (contact.onHoldSince !== null) {
      book.holdAbandons += 1;
      endHold(contact, at);
    }
    if (reason === "AGENT_DISCONNECT" && contact.transferredAt === null) book.agentHungUpFirst += 1;
    addTo(book.disconnected, reason);
    if (contact.agentConnectedAt !== null) {
      addTo(instance.books.enter(contact, contact.agentConnectedAt).handledUntil, reason);
    }
    instance.floor.part(contact);
    contact.scheduled = false;
    contact.disconnectedAt = at;
    contact.disconnectReason = reason;
    desk.workAfter(contact, instance, at);
    reach(contact, "DISCONNECTED", at);
  }

  function changed(contact: Contact, property: string): void {
    const at = clock.now();
    contact.lastUpdateAt = at;
    if (contact.completedAt === null) tell.event(contact, "CONTACT_DATA_UPDATED", at, property);
    else if (contact.ahead.length === 0) {
      const draw = drawFrom(seed, contact.ordinal, stage.record, at);
      const { record } = instanceOf(contact).behaviour.durations;
      contact.ahead = [{ kind: "RECORD", at: at + draw.milliseconds(record) }];
      plan.follow(contact);
    }
    contacts.save(contact);
  }

  return {
    begin,
    beginWith(contact, agent) {
      desk.dialByHand(contact, agent, instanceOf(contact));
      begin(contact);
    },
    refuseByNetwork(contact) {
      begin(contact);
      end(contact, "TELECOM_PROBLEM", clock.now(), 0);
    },
    stop(contact) {
      const at = clock.now();
      const answered = contact.connectedAt !== null || contact.initiationMethod === "INBOUND";
      const draw = drawFrom(seed, contact.ordinal, stage.stop, 1);
      const { afterContactWork } = instanceOf(contact).behaviour.durations;
      const work = contact.agentConnectedAt === null ? 0 : draw.milliseconds(afterContactWork);
      end(contact, answered ? "OTHER" : "TELECOM_ORIGINATOR_CANCEL", at, work);
    },
    attributesChanged: (contact) => changed(contact, "UserDefinedAttributes"),
    tagsChanged: (contact) => changed(contact, "Tags"),
    agentIsFree(agent) {
      const instance = instances.get(agent.instanceId);
      if (instance !== undefined) desk.findContact(agent, instance);
    },
    resume() {
      for (const contact of contacts.all()) {
        if (contact.recordOwed) tell.record(contact);
        plan.follow(contact);
      }
    },
    forgetAll() {
      plan.forgetAll();
      tell.end();
    },
  };
}
