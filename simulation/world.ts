import type { Description, DialAnswer, StopAnswer, WriteAnswer } from "../lib/connect/contact-centre.ts";
import { parseAttemptId } from "../lib/contacts/attempt.ts";
import type { DialOrder } from "../lib/contacts/call-record.ts";
import { mayBeOnCall } from "../lib/contacts/contact-states.ts";
import type { Change, Written } from "../lib/contacts/contacts.ts";
import type { Patience } from "../lib/contacts/patience.ts";
import type { Notice } from "../lib/notices/notice.ts";
import { attemptIdOfLease, type Pace } from "../lib/pacing/pacer.ts";
import { type Hostility, hostilityOf } from "./faults.ts";
import { Bucket } from "./parts/bucket.ts";
import { Connect, type TokenRule } from "./parts/connect.ts";
import { ContactsTable } from "./parts/contacts-table.ts";
import { PacerItem } from "./parts/pacer-item.ts";
import { type QueueName, queues } from "./parts/queues.ts";
import { RateItem } from "./parts/rate-item.ts";
import { Promises } from "./promises.ts";
import { Random } from "./random.ts";
import type { Sabotage } from "./sabotage.ts";
import { Scheduler } from "./scheduler.ts";
import { textOf } from "./trace.ts";
import type { Worker } from "./worker.ts";

export const start = Date.parse("2026-11-24T12:00:00Z");

export const patience: Patience = {
  waitMs: 12_000,
  callMs: 12_000,
  leaseMarginMs: 2_000,
  unknownMs: 600_000,
  callCheckMs: 600_000,
  earlyMs: 1_000,
  keepMs: 90 * 86_400_000,
};

const campaignLagMs = 30_000;

/** SQS drops what comes with the same deduplication id within that. */
const deduplicatedMs = 5 * 60_000;

/** All that is outside of the workers, on one clock and under one seed. */
export class World {
  readonly random: Random;
  readonly clock = new Scheduler(start);
  readonly hostility: Hostility;
  readonly pace: Pace;
  readonly table = new ContactsTable();
  readonly pacer: PacerItem;
  readonly stopRate: RateItem;
  readonly updateRate: RateItem;
  readonly queues = queues();
  readonly connect: Connect;
  readonly promises: Promises;
  readonly sabotage: Sabotage;
  /** Lines, where somebody wants to read them. */
  readonly trace: string[] | undefined;
  /** By whose clock the pacer reckons just now. */
  pacedAt = start;
  /** Code runs that has to come to its next wait before anything else happens. */
  hasResumed = false;
  /** No more faults from then on. */
  faultsEndAt = Number.POSITIVE_INFINITY;
  readonly endless: boolean;
  /** Called when something has come into a queue, or there may be something due. */
  onMessage: (queue: QueueName) => void = () => {};
  wantRelease: () => void = () => {};
  private readonly deduplicated = new Map<string, number>();
  private readonly allowance: Bucket | undefined;
  private ids = 0;

  constructor(
    seed: number,
    { tokenRule, sabotage, traced }: { tokenRule: TokenRule; sabotage: Sabotage; traced: boolean },
  ) {
    const random = new Random(seed);
    this.random = random;
    this.sabotage = sabotage;
    this.trace = traced ? [] : undefined;
    this.hostility = hostilityOf(random);
    this.endless = random.chance(0.1);
    this.pace = {
      ratePerSecond: random.pick([1, 2, 4]),
      burst: random.pick([1, 2, 5]),
      activeCalls: this.endless ? random.pick([2, 5]) : random.pick([1, 2, 5]),
    };
    const now = () => this.pacedAt;
    this.pacer = new PacerItem(this.pace, now);
    this.stopRate = new RateItem({ perSecond: 10, burst: 15 }, now);
    this.updateRate = new RateItem({ perSecond: 10, burst: 15 }, now);
    this.promises = new Promises((what) => this.note(undefined, `BROKEN: ${what}`));
    this.connect = new Connect(this.clock, random, {
      pace: this.pace,
      tokenRule,
      hostility: this.hostility,
      endless: this.endless,
      emit: (body, queue, at) => this.send(queue, body, { at }),
    });
    this.allowance = allowanceOf(this.pace, this.hostility);
  }

  get isCalm(): boolean {
    return this.clock.now >= this.faultsEndAt;
  }

  get isOutage(): boolean {
    const { outage } = this.hostility;
    if (!outage || this.isCalm) return false;
    const since = this.clock.now - start;
    return since >= outage.from && since < outage.to;
  }

  indexLags(): boolean {
    return !this.isCalm && this.hostility.indexLags > 0 && this.random.chance(this.hostility.indexLags);
  }

  /** Of a campaign, what came before: the index may lag behind by half as much as stop-contact allows it to. */
  shownUntil(): number {
    return this.indexLags() ? this.clock.now - campaignLagMs : Number.POSITIVE_INFINITY;
  }

  nextId(): string {
    this.ids += 1;
    return `id-${this.ids}`;
  }

  note(worker: Worker | undefined, what: string, about?: unknown): void {
    if (!this.trace) return;
    const seconds = ((this.clock.now - start) / 1000).toFixed(3).padStart(12);
    const told = about === undefined ? "" : ` ${typeof about === "string" ? about : textOf(about)}`;
    this.trace.push(`${seconds}  ${(worker?.name ?? "").padEnd(22)} ${what}${told}`);
  }

  send(
    queue: QueueName,
    body: string,
    how: { delaySeconds?: number; at?: number; group?: string; deduplicationId?: string | undefined } = {},
  ): void {
    const { delaySeconds = 0, at = this.clock.now, group, deduplicationId } = how;
    if (deduplicationId !== undefined) {
      const key = `${group} ${deduplicationId}`;
      if ((this.deduplicated.get(key) ?? 0) > this.clock.now) return;
      this.deduplicated.set(key, this.clock.now + deduplicatedMs);
    }
    this.queues[queue].send(body, at + delaySeconds * 1000, group);
    this.onMessage(queue);
  }

  bury(queue: QueueName, body: string): void {
    const { deadLetters } = this.queues[queue];
    deadLetters.push({
      id: this.nextId(),
      body,
      group: undefined,
      receives: 1,
      visibleAt: 0,
      receivers: [],
      hasCopy: false,
    });
  }

  written(worker: Worker, written: Written, writeId: string, change?: Change): Written {
    if (written.kind === "written" && written.record.lastWrite === writeId)
      this.promises.written(worker, written.record, change);
    this.wantRelease();
    return written;
  }

  publish(worker: Worker, notices: Notice[]): Set<string> {
    const failed = new Set<string>();
    if (!this.isCalm && this.hostility.ofRequest > 0 && this.random.chance(this.hostility.ofRequest / 4)) {
      for (const { noticeId } of notices) if (this.random.chance(0.5)) failed.add(noticeId);
      worker.disturbed ||= failed.size > 0;
    }
    this.promises.published(notices.filter(({ noticeId }) => !failed.has(noticeId)));
    return failed;
  }

  dialArrives(order: DialOrder): DialAnswer {
    if (this.allowance && !this.allowance.take(this.clock.now))
      this.promises.broken("pace", "more dials arrive at Connect than rate and burst allow");
    if (this.holding() >= this.pace.activeCalls)
      this.promises.broken("active-calls", "a dial arrives while all active calls are in use");
    const before = this.connect.contacts.length;
    const answer = this.connect.dial(order, this.isCalm);
    this.promises.dialArrived(order, answer, this.connect.contacts.length > before, this);
    return answer;
  }

  stopArrives(contactId: string): StopAnswer {
    return this.isThrottled() ? "not-now" : this.connect.stop(contactId);
  }

  writeArrives(contactId: string, attributes: Record<string, string>): WriteAnswer {
    return this.isThrottled() ? { kind: "not-now" } : this.connect.write(contactId, attributes, this.isCalm);
  }

  describeArrives(worker: Worker, contactId: string): Description {
    if (!this.isThrottled()) return this.connect.describe(contactId);
    worker.delayed = true;
    return { kind: "not-now" };
  }

  private isThrottled(): boolean {
    return !this.isCalm && this.hostility.throttled > 0 && this.random.chance(this.hostility.throttled);
  }

  /** Calls that ring or talk, but for those that the service has had to give up for lost. */
  private holding(): number {
    return this.connect.live().filter(({ requestId, attemptId }) => {
      const record = this.table.records.get(requestId);
      return (
        record !== undefined && attemptId === `${requestId}#${record.attempt}` && mayBeOnCall(record.state)
      );
    }).length;
  }

  /** When the next run of release-due would find something to do; a lease that its request names is nothing to do. */
  nextDue(): number | undefined {
    let first: string | undefined;
    for (const { checkAt } of this.table.records.values())
      if (checkAt !== undefined && (first === undefined || checkAt < first)) first = checkAt;
    let next = first === undefined ? Number.POSITIVE_INFINITY : Date.parse(first) - 60_000;
    const { leases } = this.pacer.state;
    for (const lease in leases) {
      const due = (leases[lease] ?? 0) + 60_000;
      if (due < next && !this.isNamed(lease)) next = due;
    }
    return Number.isFinite(next) ? next : undefined;
  }

  private isNamed(lease: string): boolean {
    const record = this.table.records.get(parseAttemptId(attemptIdOfLease(lease))?.requestId ?? "");
    return record?.lease === lease && mayBeOnCall(record.state);
  }
}

/**
 * Clocks differ, and so do the ways to Connect: a dial may meet the next one by so much. Between its moment and its arrival lie two to
 * four requests, of 1 to 20 milliseconds each.
 */
function allowanceOf({ ratePerSecond, burst }: Pace, hostility: Hostility): Bucket | undefined {
  // A dial that was held up is not the pacer's.
  if (hostility.ofRequest > 0) return undefined;
  const toleranceMs = 85 + 2 * hostility.skewMs;
  return new Bucket(ratePerSecond, burst + (ratePerSecond * toleranceMs) / 1000);
}
