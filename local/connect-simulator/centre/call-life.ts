import { randomUUID } from "node:crypto";
import type { Durations } from "../defaults.ts";
import { endingSteps, planCall } from "./call-plan.ts";
import type { SimulatedClock } from "./clock.ts";
import type { Contact, LifeStep, PlannedStep } from "./contact.ts";
import { type ContactEventEnvelope, type ContactEventType, contactEvent } from "./contact-events.ts";
import { type ContactRecord, contactRecord } from "./contact-records.ts";
import type { ContactStore } from "./contact-store.ts";
import type { Place } from "./place.ts";
import { drawFrom } from "./random.ts";

export type CallLife = {
  /** The first moment of a contact whose steps are still to be planned. */
  begin(contact: Contact): void;
  stop(contact: Contact): void;
  attributesChanged(contact: Contact): void;
  /** Takes up what the journal knows of: calls in flight and records that nobody has received. */
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
  place: Place;
  deliver: Deliver;
  seed: number;
  durations: Durations;
};

export function callLife({ clock, contacts, place, deliver, seed, durations }: Parts): CallLife {
  const cancels = new Map<string, () => void>();

  function announce(contact: Contact, eventType: ContactEventType, at: number, updated?: string[]): void {
    const event = { id: randomUUID(), eventType, at, ...(updated && { updatedProperties: updated }) };
    deliver.event(contactEvent(contact, event, place));
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

  function take(contact: Contact, step: PlannedStep): void {
    if (step.kind === "RECORD") {
      sendRecord(contact);
      return;
    }
    apply(contact, step);
    contact.lastUpdateAt = step.at;
    contacts.save(contact, clock.now());
    announce(contact, step.kind, step.at);
  }

  function sendRecord(contact: Contact): void {
    contact.recordOwed = true;
    contacts.save(contact, clock.now());
    const { lastUpdateAt } = contact;
    deliver.record(contactRecord(contact, place), () => {
      if (contacts.get(contact.contactId) !== contact || contact.lastUpdateAt !== lastUpdateAt) return;
      contact.recordOwed = false;
      contacts.save(contact, clock.now());
    });
  }

  return {
    begin(contact) {
      contact.ahead = planCall(contact, seed, durations);
      contacts.save(contact, clock.now());
      announce(contact, "INITIATED", contact.initiatedAt);
      scheduleNext(contact);
    },
    stop(contact) {
      const at = clock.now();
      const reason = contact.connectedAt === null ? "TELECOM_ORIGINATOR_CANCEL" : "OTHER";
      const draw = drawFrom(seed, contact.ordinal, 1);
      const afterContactWork =
        contact.agentConnectedAt === null ? 0 : draw.milliseconds(durations.afterContactWork);
      contact.ahead = endingSteps({ at, reason, afterContactWork }, draw, durations);
      contact.ahead.shift();
      take(contact, { kind: "DISCONNECTED", at, reason });
      scheduleNext(contact);
    },
    attributesChanged(contact) {
      const at = clock.now();
      contact.lastUpdateAt = at;
      if (contact.completedAt === null) {
        contacts.save(contact, at);
        announce(contact, "CONTACT_DATA_UPDATED", at, ["UserDefinedAttributes"]);
        return;
      }
      if (contact.ahead.length === 0) {
        const draw = drawFrom(seed, contact.ordinal, at);
        contact.ahead = [{ kind: "RECORD", at: at + draw.milliseconds(durations.record) }];
        scheduleNext(contact);
      }
      contacts.save(contact, at);
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

function apply(contact: Contact, step: LifeStep): void {
  contact.state = step.kind;
  if (contact.machineDetection && "detection" in step) contact.detectionStatus = step.detection ?? null;
  switch (step.kind) {
    case "CONNECTED_TO_SYSTEM":
      contact.connectedAt = step.at;
      return;
    case "QUEUED":
      contact.enqueuedAt = step.at;
      return;
    case "CONNECTED_TO_AGENT":
      contact.agentConnectedAt = step.at;
      contact.agentId = step.agentId;
      return;
    case "DISCONNECTED":
      contact.disconnectedAt = step.at;
      contact.disconnectReason = step.reason;
      return;
    case "COMPLETED":
      contact.completedAt = step.at;
  }
}
