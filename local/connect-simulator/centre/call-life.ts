import { randomUUID } from "node:crypto";
import type { Instance } from "../instance/instance.ts";
import type { Books } from "./books.ts";
import { type CallDesk, callDesk } from "./call-desk.ts";
import { endingSteps, planCall, planTalk, stage } from "./call-plan.ts";
import type { SimulatedClock } from "./clock.ts";
import { type Contact, isInQueue, newContact, type PlannedStep } from "./contact.ts";
import { type ContactEventEnvelope, type ContactEventType, contactEvent } from "./contact-events.ts";
import { type ContactRecord, contactRecord } from "./contact-records.ts";
import type { ContactStore } from "./contact-store.ts";
import type { Agent } from "./floor.ts";
import { drawFrom } from "./random.ts";

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

export type Deliver = {
  event(envelope: ContactEventEnvelope): void;
  /** `done` is called once the record has been received. */
  record(record: ContactRecord, done: () => void): void;
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
  const cancels = new Map<string, () => void>();
  const desk: CallDesk = callDesk({ clock, seed, offer, connected, missed: parts.agentMissed });

  function instanceOf(contact: Contact): Instance {
    const instance = instances.get(contact.instanceId);
    if (instance === undefined) throw new Error(`there is no instance ${contact.instanceId}`);
    return instance;
  }

  const booksOf = (contact: Contact): Books => instanceOf(contact).books;

  function announce(contact: Contact, eventType: ContactEventType, at: number, updated?: string[]): void {
    const event = { id: randomUUID(), eventType, at, ...(updated && { updatedProperties: updated }) };
    deliver.event(contactEvent(contact, event, instanceOf(contact)));
  }

  function scheduleNext(contact: Contact): void {
    cancels.get(contact.contactId)?.();
    cancels.delete(contact.contactId);
    const next = contact.ahead[0];
    if (next === undefined) return;
    const cancel = clock.schedule(next.at, () => {
      contact.ahead.shift();
      take(contact, next);
      scheduleNext(contact);
    });
    cancels.set(contact.contactId, cancel);
  }

  /** What Connect tells of: the contact's new state, and an event. */
  function reach(contact: Contact, state: Contact["state"], at: number): void {
    contact.state = state;
    contact.lastUpdateAt = at;
    contacts.save(contact);
    announce(contact, state, at);
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
        booksOf(contact).enter(contact.queueId, contact.channel, at).consulted += 1;
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
        sendRecord(contact);
        return;
    }
  }

  function queue(contact: Contact, at: number): void {
    const { floor, books, behaviour } = instanceOf(contact);
    floor.part(contact);
    contact.scheduled = false;
    contact.enqueuedAt = at;
    books.enter(contact.queueId, contact.channel, at).queued += 1;
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
    contact.ahead = [...contact.ahead, ...steps].sort((a, b) => a.at - b.at);
    contacts.save(contact);
    scheduleNext(contact);
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
    const all = [...queues.all()];
    const target = all[Math.floor(draw.fraction() * all.length)]?.id ?? contact.queueId;
    books.enter(contact.queueId, contact.channel, at).transferredOut += 1;
    contact.transferredAt = at;
    follow(contact, "TRANSFER", target, at);
    end(contact, "AGENT_DISCONNECT", at, draw.milliseconds(behaviour.durations.afterContactWork));
  }

  /** The next contact of the same customer. */
  function follow(
    before: Contact,
    initiationMethod: "TRANSFER" | "QUEUE_TRANSFER" | "CALLBACK",
    queueId: string,
    at: number,
  ): void {
    const contact = newContact({
      contactId: randomUUID(),
      instanceId: before.instanceId,
      ordinal: contacts.nextOrdinal(),
      initiationMethod,
      channel: before.channel,
      initialContactId: before.initialContactId ?? before.contactId,
      previousContactId: before.contactId,
      destination: before.destination,
      source: before.source,
      contactFlowId: before.contactFlowId,
      queueId,
      initiatedAt: at,
      scheduled: initiationMethod === "CALLBACK",
      connectedAt: initiationMethod === "CALLBACK" ? null : before.connectedAt,
      patient: before.patient,
    });
    before.nextContactId = contact.contactId;
    if (initiationMethod !== "CALLBACK") {
      const book = booksOf(before).enter(queueId, before.channel, at);
      book.transferredIn += 1;
      if (initiationMethod === "QUEUE_TRANSFER") book.transferredInFromQueue += 1;
    }
    begin(contact);
  }

  function begin(contact: Contact): void {
    const { behaviour, floor } = instanceOf(contact);
    contact.ahead = planCall(contact, seed, behaviour.durations);
    if (contact.scheduled) floor.join(contact);
    contacts.save(contact);
    announce(contact, "INITIATED", contact.initiatedAt);
    scheduleNext(contact);
  }

  /** Ends a contact now, whatever it still had before it. */
  function end(contact: Contact, reason: string, at: number, afterContactWork: number): void {
    const { durations } = instanceOf(contact).behaviour;
    const draw = drawFrom(seed, contact.ordinal, stage.stop);
    contact.ahead = endingSteps({ at, reason, afterContactWork }, draw, durations);
    contact.ahead.shift();
    disconnect(contact, reason, at);
    scheduleNext(contact);
  }

  function disconnect(contact: Contact, reason: string, at: number): void {
    const instance = instanceOf(contact);
    const book = () => instance.books.enter(contact.queueId, contact.channel, at);
    if (isInQueue(contact)) desk.dequeue(contact, instance, at, "abandoned");
    if (contact.onHoldSince !== null) {
      book().holdAbandons += 1;
      endHold(contact, at);
    }
    if (reason === "AGENT_DISCONNECT" && contact.transferredAt === null) book().agentHungUpFirst += 1;
    instance.floor.part(contact);
    contact.scheduled = false;
    contact.disconnectedAt = at;
    contact.disconnectReason = reason;
    desk.workAfter(contact, instance, at);
    reach(contact, "DISCONNECTED", at);
  }

  function sendRecord(contact: Contact): void {
    contact.recordOwed = true;
    contacts.save(contact);
    const { lastUpdateAt } = contact;
    const attributes = attributesOf(contact, contacts);
    deliver.record(contactRecord(contact, attributes, instanceOf(contact)), () => {
      if (contacts.get(contact.contactId) !== contact || contact.lastUpdateAt !== lastUpdateAt) return;
      contact.recordOwed = false;
      contacts.save(contact);
      commit();
    });
  }

  function changed(contact: Contact, property: string): void {
    const at = clock.now();
    contact.lastUpdateAt = at;
    if (contact.completedAt === null) announce(contact, "CONTACT_DATA_UPDATED", at, [property]);
    else if (contact.ahead.length === 0) {
      const draw = drawFrom(seed, contact.ordinal, stage.record, at);
      const { record } = instanceOf(contact).behaviour.durations;
      contact.ahead = [{ kind: "RECORD", at: at + draw.milliseconds(record) }];
      scheduleNext(contact);
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
        if (contact.recordOwed) sendRecord(contact);
        scheduleNext(contact);
      }
    },
    forgetAll() {
      for (const cancel of cancels.values()) cancel();
      cancels.clear();
    },
  };
}

/** Attributes belong to the first contact of a chain and are the same for all of it. */
export function attributesOf(contact: Contact, contacts: ContactStore): Contact["attributes"] {
  return initialOf(contact, contacts).attributes;
}

export const initialOf = (contact: Contact, contacts: ContactStore): Contact =>
  (contact.initialContactId === null ? undefined : contacts.get(contact.initialContactId)) ?? contact;
