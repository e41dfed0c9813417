import type { Instance } from "../instance/instance.ts";
import { addTo, type WaitEnd } from "./books.ts";
import { stage } from "./call-plan.ts";
import type { SimulatedClock } from "./clock.ts";
import { type Contact, isInQueue, type PlannedStep } from "./contact.ts";
import { type Agent, isFree } from "./floor.ts";
import { drawFrom } from "./random.ts";

/** Brings contacts and agents together, and keeps the books of it. */
export type CallDesk = {
  findAgent(contact: Contact, instance: Instance): void;
  findContact(agent: Agent, instance: Instance): void;
  accept(contact: Contact, instance: Instance, at: number): void;
  miss(contact: Contact, instance: Instance, at: number): void;
  dequeue(contact: Contact, instance: Instance, at: number, how: Leaving): void;
  dialByHand(contact: Contact, agent: Agent, instance: Instance): void;
  /** The customer is gone; the agent who had the contact is not yet done with it. */
  workAfter(contact: Contact, instance: Instance, at: number): void;
  /** Enters what a handled contact took, once that is known. */
  finish(contact: Contact, instance: Instance, at: number): void;
  /** The agent is done with it. */
  release(contact: Contact, instance: Instance): void;
};

type Leaving = WaitEnd | "transferred";

type Parts = {
  clock: SimulatedClock;
  seed: number;
  /** The agent's telephone rings; the steps tell what comes of it. */
  offer(contact: Contact, steps: PlannedStep[]): void;
  connected(contact: Contact, at: number): void;
  missed(agent: Agent): void;
};

export function callDesk({ clock, seed, offer, connected, missed }: Parts): CallDesk {
  const bookOf = (contact: Contact, { books }: Instance, at: number) => books.enter(contact, at);

  function pair(contact: Contact, agent: Agent, { floor, behaviour }: Instance): void {
    const now = clock.now();
    floor.change(agent, now, { activity: "offered", contactId: contact.contactId });
    contact.offeredTo = agent.userId;
    contact.offers += 1;
    const draw = drawFrom(seed, contact.ordinal, stage.offer + contact.offers);
    const at = now + draw.milliseconds(behaviour.durations.accept);
    offer(contact, [{ kind: draw.chance(behaviour.missedOffers) ? "MISSED" : "ACCEPTED", at }]);
  }

  function agentOf(contact: Contact, { floor }: Instance, userId: string | null): Agent | undefined {
    const agent = userId === null ? undefined : floor.agent(userId);
    return agent?.contactId === contact.contactId ? agent : undefined;
  }

  function findContact(agent: Agent, instance: Instance): void {
    if (!isFree(agent)) return;
    const contact = instance.floor.contactFor(agent);
    if (contact !== undefined) pair(contact, agent, instance);
  }

  /** Lets an agent go who has no contact any more. */
  function letGo(agent: Agent, instance: Instance): void {
    const status = agent.nextStatus ?? agent.status;
    instance.floor.change(agent, clock.now(), {
      activity: "idle",
      contactId: null,
      status,
      nextStatus: null,
    });
    if (instance.users.get(agent.userId) === undefined) instance.floor.leave(agent);
    else findContact(agent, instance);
  }

  function dequeue(contact: Contact, instance: Instance, at: number, how: Leaving): void {
    if (!isInQueue(contact)) return;
    const { floor } = instance;
    const enqueuedAt = contact.enqueuedAt ?? at;
    const wait = at - enqueuedAt;
    floor.part(contact);
    contact.dequeuedAt = at;
    contact.ahead = contact.ahead.filter(({ kind }) => kind !== "PATIENCE_ENDS");

    const book = bookOf(contact, instance, at);
    book.longestWaitMs = Math.max(book.longestWaitMs, wait);
    // The service level is a share of those who were queued then, so it stands in their interval.
    const { waits } = bookOf(contact, instance, enqueuedAt);
    if (how !== "transferred") addTo(waits[how], Math.floor(wait / 1000));
    switch (how) {
      case "answered":
        book.answered += 1;
        book.answerMs += wait;
        break;
      case "abandoned":
        book.abandoned += 1;
        book.abandonMs += wait;
        break;
      case "transferred":
        book.transferredOut += 1;
        book.transferredOutFromQueue += 1;
        break;
      case "callback":
        book.leftForCallback += 1;
    }
    if (how === "answered") return;
    if (contact.offeredTo !== null) book.offersLost += 1;
    const agent = agentOf(contact, instance, contact.offeredTo);
    contact.offeredTo = null;
    if (agent !== undefined) letGo(agent, instance);
  }

  return {
    findAgent(contact, instance) {
      if (!isInQueue(contact) || contact.offeredTo !== null) return;
      const agent = instance.floor.agentFor(contact);
      if (agent !== undefined) pair(contact, agent, instance);
    },
    findContact,
    accept(contact, instance, at) {
      const agent = agentOf(contact, instance, contact.offeredTo ?? contact.agentId);
      dequeue(contact, instance, at, "answered");
      if (agent !== undefined) instance.floor.change(agent, at, { activity: "on-contact" });
      contact.agentId = contact.offeredTo ?? contact.agentId;
      contact.offeredTo = null;
      contact.agentConnectedAt = at;
      contact.connectedAt ??= at;
      const book = bookOf(contact, instance, at);
      book.handled += 1;
      switch (contact.initiationMethod) {
        case "API":
          book.apiHandled += 1;
          break;
        case "OUTBOUND":
          book.handledOutbound += 1;
          break;
        case "CALLBACK":
          book.callbackHandled += 1;
          break;
        default:
          book.handledIncoming += 1;
      }
      connected(contact, at);
    },
    miss(contact, instance, at) {
      const agent = agentOf(contact, instance, contact.offeredTo);
      contact.offeredTo = null;
      bookOf(contact, instance, at).missed += 1;
      if (agent === undefined) return;
      instance.floor.change(agent, at, { activity: "error", contactId: null });
      missed(agent);
    },
    dequeue,
    dialByHand(contact, agent, { floor }) {
      contact.agentId = agent.userId;
      floor.change(agent, clock.now(), { activity: "on-contact", contactId: contact.contactId });
    },
    workAfter(contact, instance, at) {
      const agent = agentOf(contact, instance, contact.agentId);
      if (agent !== undefined && contact.agentConnectedAt !== null) {
        instance.floor.change(agent, at, { activity: "after-contact-work" });
      }
    },
    finish(contact, instance, at) {
      const { agentConnectedAt, disconnectedAt } = contact;
      if (agentConnectedAt === null || disconnectedAt === null) return;
      const book = bookOf(contact, instance, agentConnectedAt);
      book.finished += 1;
      book.interactionMs += disconnectedAt - agentConnectedAt - contact.holdMs;
      book.holdMs += contact.holdMs;
      if (contact.holds > 0) book.held += 1;
      book.afterContactWorkMs += at - disconnectedAt;
      const profileId = agentOf(contact, instance, contact.agentId)?.routingProfileId ?? null;
      instance.books.addContactTime(contact, profileId, agentConnectedAt, at);
    },
    release(contact, instance) {
      const agent = agentOf(contact, instance, contact.agentId);
      if (agent !== undefined) letGo(agent, instance);
    },
  };
}
