import type { DialAnswer } from "../lib/connect/contact-centre.ts";
import type { CallRecord, DialOrder } from "../lib/contacts/call-record.ts";
import type { Change } from "../lib/contacts/contacts.ts";
import type { Notice } from "../lib/notices/notice.ts";
import type { Worker } from "./worker.ts";
import type { World } from "./world.ts";

export const invariants = [
  "one-dial",
  "one-contact",
  "one-call",
  "no-dial-after-stop",
  "pace",
  "active-calls",
  "stopped",
  "settled",
  "told",
  "attributes",
  "dead-letters",
  "leases",
  "rest",
] as const;
export type Invariant = (typeof invariants)[number];

export interface Broken {
  invariant: Invariant;
  what: string;
}

interface Revision {
  requestId: string;
  revision: number;
  worker: Worker;
}

/** Watches, while a history runs, what must hold at every moment; and keeps what is looked at when it is over. */
export class Promises {
  readonly found: Broken[] = [];
  /** Of state notices, as `requestId revision`. */
  readonly told = new Set<string>();
  readonly conflicts = new Set<string>();
  readonly refusedUpdates = new Set<string>();
  readonly revisions: Revision[] = [];
  /** Attempts that the service had to give up for lost: what they do is not known to anybody. */
  readonly parked = new Set<string>();
  private readonly underWay = new Set<string>();
  private readonly contactsOf = new Map<string, number>();
  private readonly say: (what: string) => void;

  constructor(say: (what: string) => void) {
    this.say = say;
  }

  broken(invariant: Invariant, what: string): void {
    this.say(`${invariant}: ${what}`);
    this.found.push({ invariant, what });
  }

  dialSent({ attributes }: DialOrder): void {
    const attemptId = attributes["attemptId"] ?? "";
    if (this.underWay.has(attemptId))
      this.broken("one-dial", `${attemptId} is dialled once more, and it was not certainly refused before`);
    this.underWay.add(attemptId);
  }

  /** The worker knows that not a byte of it was sent. */
  notDialled({ attributes }: DialOrder): DialAnswer {
    this.underWay.delete(attributes["attemptId"] ?? "");
    return { kind: "not-now", why: "unreachable" };
  }

  dialArrived({ attributes }: DialOrder, answer: DialAnswer, isNew: boolean, world: World): void {
    const attemptId = attributes["attemptId"] ?? "";
    if (answer.kind === "refused" || answer.kind === "not-now") this.underWay.delete(attemptId);
    if (!isNew) return;
    const contacts = (this.contactsOf.get(attemptId) ?? 0) + 1;
    this.contactsOf.set(attemptId, contacts);
    if (contacts > 1) this.broken("one-contact", `${attemptId} has become ${contacts} contacts`);
    const [other] = world.connect
      .live()
      .filter((contact) => contact.attributes["attemptId"] !== attemptId)
      .filter(({ requestId }) => attemptId.startsWith(`${requestId}#`))
      .filter((contact) => !this.parked.has(contact.attemptId));
    if (other) this.broken("one-call", `${attemptId} is placed while ${other.attemptId} is on the line`);
  }

  written(worker: Worker, record: CallRecord, change: Change | undefined): void {
    const { requestId, revision, state, attempt } = record;
    if (state === "parked") this.parked.add(`${requestId}#${attempt}`);
    if (change?.quietly || requestId.includes("#")) return;
    if (change?.to === "dialling" && !change.amend && record.stopAt)
      this.broken("no-dial-after-stop", `${requestId}#${attempt} is claimed although its stop is on record`);
    // What only keeps the place of a request that has not come is no news; nor is the intent to dial.
    if ((state === "deferred" && record.requestHash === "") || state === "dialling") return;
    const before = this.revisions.find((one) => one.worker === worker && one.requestId === requestId);
    // Of what one invocation does to one request the last is told at least.
    if (before) before.revision = revision;
    else this.revisions.push({ requestId, revision, worker });
  }

  published(notices: Notice[]): void {
    for (const notice of notices) {
      if (notice.type === "update-refused") this.refusedUpdates.add(notice.updateId);
      else if (notice.type === "conflict") this.conflicts.add(notice.requestId);
      else if (notice.type === "state-changed") this.told.add(`${notice.requestId} ${notice.revision}`);
    }
  }
}
