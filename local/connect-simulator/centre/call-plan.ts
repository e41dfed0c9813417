import { agentIds, type Durations } from "../defaults.ts";
import type { Contact, PlannedStep } from "./contact.ts";
import { courseOf, ringsOut } from "./destinations.ts";
import { type Draw, drawFrom } from "./random.ts";

type Ending = Omit<Extract<PlannedStep, { kind: "DISCONNECTED" }>, "kind"> & { afterContactWork?: number };

/** Disconnection, completion, record: the last three steps of every call. */
export function endingSteps(ending: Ending, draw: Draw, durations: Durations): PlannedStep[] {
  const { afterContactWork = 0, ...disconnection } = ending;
  const completedAt = ending.at + afterContactWork;
  return [
    { kind: "DISCONNECTED", ...disconnection },
    { kind: "COMPLETED", at: completedAt },
    { kind: "RECORD", at: completedAt + draw.milliseconds(durations.record) },
  ];
}

/** The whole life of a call, drawn when it is placed. */
export function planCall(
  contact: Pick<Contact, "destination" | "initiatedAt" | "ringTimeoutSeconds" | "ordinal">,
  seed: number,
  durations: Durations,
): PlannedStep[] {
  const draw = drawFrom(seed, contact.ordinal);
  const ring = draw.milliseconds(durations.ring);
  const ringTimeout = contact.ringTimeoutSeconds * 1000;
  const destined = courseOf(contact.destination);
  const course = destined.kind === "answered" && ring >= ringTimeout ? ringsOut : destined;

  const end = (ending: Ending) => endingSteps(ending, draw, durations);

  switch (course.kind) {
    case "refused":
      throw new Error(`${contact.destination} is refused by the API and has no life to plan`);
    case "unanswered":
    case "rings-out": {
      const { reason, detection } = course;
      const wait = course.kind === "rings-out" ? ringTimeout : draw.milliseconds(durations.refusal);
      return end({ at: contact.initiatedAt + wait, reason, detection });
    }
    case "answered": {
      const answeredAt = contact.initiatedAt + ring;
      return [
        { kind: "CONNECTED_TO_SYSTEM", at: answeredAt, detection: course.detection },
        ...answeredSteps(course.by, answeredAt),
      ];
    }
  }

  function answeredSteps(by: "agent" | "nobody" | "machine", answeredAt: number): PlannedStep[] {
    if (by === "nobody") return end({ at: answeredAt, reason: "CUSTOMER_DISCONNECT" });
    if (by === "machine") {
      const spokenAt = answeredAt + draw.milliseconds(durations.voicemail);
      return end({ at: spokenAt, reason: "CONTACT_FLOW_DISCONNECT" });
    }
    const queuedAt = answeredAt + draw.milliseconds(durations.flow);
    const agentAt = queuedAt + draw.milliseconds(durations.queue);
    const hangUpAt = agentAt + draw.milliseconds(durations.talk);
    const reason = draw.fraction() < 0.5 ? "CUSTOMER_DISCONNECT" : "AGENT_DISCONNECT";
    return [
      { kind: "QUEUED", at: queuedAt },
      { kind: "CONNECTED_TO_AGENT", at: agentAt, agentId: draw.oneOf(agentIds) },
      ...end({ at: hangUpAt, reason, afterContactWork: draw.milliseconds(durations.afterContactWork) }),
    ];
  }
}
