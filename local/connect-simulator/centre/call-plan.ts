import type { Behaviour, Durations } from "../config/behaviour.ts";
import type { Contact, PlannedStep } from "./contact.ts";
import { courseOf, ringsOut } from "./destinations.ts";
import { type Draw, drawFrom } from "./random.ts";

type Ending = Omit<Extract<PlannedStep, { kind: "DISCONNECTED" }>, "kind"> & { afterContactWork?: number };

/** Which stage of a contact a draw is for, so that no stage depends on how often an earlier one drew. */
export const stage = { call: 0, stop: 1, patience: 2, talk: 3, record: 4, offer: 100 } as const;

/** Disconnection, completion, record: the last three steps of every contact. */
export function endingSteps(ending: Ending, draw: Draw, durations: Durations): PlannedStep[] {
  const { afterContactWork = 0, ...disconnection } = ending;
  const completedAt = ending.at + afterContactWork;
  return [
    { kind: "DISCONNECTED", ...disconnection },
    { kind: "COMPLETED", at: completedAt },
    { kind: "RECORD", at: completedAt + draw.milliseconds(durations.record) },
  ];
}

/** A contact up to its queue, to its agent (one whom an agent calls), or to its end, drawn when it begins. */
export function planCall(contact: Contact, seed: number, durations: Durations): PlannedStep[] {
  const draw = drawFrom(seed, contact.ordinal, stage.call);
  const { initiatedAt, initiationMethod } = contact;
  switch (initiationMethod) {
    case "INBOUND":
      return [
        { kind: "CONNECTED_TO_SYSTEM", at: initiatedAt },
        { kind: "QUEUED", at: initiatedAt + draw.milliseconds(durations.flow) },
      ];
    case "TRANSFER":
    case "QUEUE_TRANSFER":
      return [{ kind: "QUEUED", at: initiatedAt }];
    case "CALLBACK":
      return [{ kind: "QUEUED", at: initiatedAt + draw.milliseconds(durations.callbackDelay) }];
    case "API":
    case "OUTBOUND":
      return planDial(contact, draw, durations);
  }
}

function planDial(contact: Contact, draw: Draw, durations: Durations): PlannedStep[] {
  const ring = draw.milliseconds(durations.ring);
  const ringTimeout = contact.ringTimeoutSeconds * 1000;
  const destined = courseOf(contact.destination);
  const course = destined.kind === "answered" && ring >= ringTimeout ? ringsOut : destined;
  const end = (ending: Ending) => endingSteps(ending, draw, durations);
  switch (course.kind) {
    case "refused":
      throw new Error("a number that the API refuses has no call to plan");
    case "unanswered":
    case "rings-out": {
      const { reason, detection } = course;
      const wait = course.kind === "rings-out" ? ringTimeout : draw.milliseconds(durations.refusal);
      return end({ at: contact.initiatedAt + wait, reason, detection });
    }
    case "answered": {
      const at = contact.initiatedAt + ring;
      return [
        { kind: "CONNECTED_TO_SYSTEM", at, detection: course.detection },
        ...answeredSteps(course.by, at),
      ];
    }
  }

  function answeredSteps(by: "agent" | "nobody" | "machine", at: number): PlannedStep[] {
    if (by === "nobody") return end({ at, reason: "CUSTOMER_DISCONNECT" });
    if (by === "machine") {
      return end({ at: at + draw.milliseconds(durations.voicemail), reason: "CONTACT_FLOW_DISCONNECT" });
    }
    if (contact.initiationMethod === "OUTBOUND") return [{ kind: "CONNECTED_TO_AGENT", at }];
    return [{ kind: "QUEUED", at: at + draw.milliseconds(durations.flow) }];
  }
}

/** From the agent on: talk, hold, consultation, and how it ends. */
export function planTalk(contact: Contact, seed: number, behaviour: Behaviour): PlannedStep[] {
  const draw = drawFrom(seed, contact.ordinal, stage.talk);
  const { durations } = behaviour;
  const begin = contact.agentConnectedAt ?? contact.initiatedAt;
  const steps: PlannedStep[] = [];
  let at = begin + draw.milliseconds(durations.talk);
  const middle = Math.round((begin + at) / 2);

  if (draw.chance(behaviour.consults)) steps.push({ kind: "CONSULTED", at: middle });
  let gaveUp = false;
  if (draw.chance(behaviour.holds)) {
    const hold = draw.milliseconds(durations.hold);
    gaveUp = draw.chance(behaviour.holdAbandons);
    steps.push({ kind: "ON_HOLD", at: middle });
    if (!gaveUp) steps.push({ kind: "OFF_HOLD", at: middle + hold });
    at = gaveUp ? middle + hold : at + hold;
  }
  const transferred = draw.chance(behaviour.agentTransfers);
  const agentFirst = draw.chance(behaviour.agentHangsUpFirst);
  if (transferred && !gaveUp) return [...steps, { kind: "TRANSFERRED", at }];
  const reason = agentFirst && !gaveUp ? "AGENT_DISCONNECT" : "CUSTOMER_DISCONNECT";
  const afterContactWork = draw.milliseconds(durations.afterContactWork);
  return [...steps, ...endingSteps({ at, reason, afterContactWork }, draw, durations)];
}
