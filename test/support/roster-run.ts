import type { Turn, UserOperation } from "../../lib/connect/users.ts";
import type { Delivery } from "../../lib/contacts/delivery.ts";
import { groupIdOf } from "../../lib/intake/group-id.ts";
import type { Rate } from "../../lib/pacing/rate.ts";
import { afterwards, applyUsers, type UserSteps } from "../../lib/roster/apply-user.ts";
import { orderOf } from "../../lib/roster/ledger.ts";
import { Names } from "../../lib/roster/names.ts";
import { passwordOf } from "../../lib/roster/password.ts";
import type { ApplySteps } from "../../lib/roster/plan/apply-roster.ts";
import { steadyTurn } from "../../lib/roster/plan/ask-again.ts";
import type { PlanSteps } from "../../lib/roster/plan/plan-roster.ts";
import type { UserCommand } from "../../lib/roster/user-command.ts";
import { LedgerInMemory } from "./ledger-in-memory.ts";
import { RateInMemory } from "./rate-in-memory.ts";
import { UserChangesInMemory } from "./user-changes-in-memory.ts";
import { CentreInMemory, UsersInMemory } from "./users-in-memory.ts";
import { VirtualClock } from "./virtual-clock.ts";

const workers = 2;
const batchSize = 10;

/** The command, the queue, and two workers at Connect's pace, all in memory and in no time. */
export class RosterRun {
  readonly clock = new VirtualClock(Date.parse("2026-11-26T12:00:00Z"));
  readonly centre = new CentreInMemory({
    routingProfiles: ["Sales", "Support", "Nobody"].map((name, n) => ({ id: `r${n}`, name })),
    securityProfiles: ["Agent", "Admin", "None"].map((name, n) => ({ id: `s${n}`, name })),
    paths: { g1: ["EMEA"], g2: ["EMEA", "Night"], g3: ["AMER"] },
    levels: 2,
  });
  readonly asked: UserOperation[] = [];
  /** Done and all, of what is reported while it goes on. */
  readonly progress: [number, number][] = [];
  readonly inactive = { routingProfile: "Nobody", securityProfile: "None" };
  readonly sent: UserCommand[] = [];
  /** How many messages the queue does not take before it takes them. */
  queueFails = 0;
  private queue: Delivery[] = [];
  private readonly rates = new Map<UserOperation, RateInMemory>();
  private readonly changes: UserChangesInMemory;
  private readonly rate: Rate;

  constructor(rate: Rate = { perSecond: 2, burst: 5 }) {
    this.rate = rate;
    this.changes = new UserChangesInMemory(this.clock.now);
  }

  planSteps(): PlanSteps {
    const startedAt = this.clock.now();
    return {
      ...this.clock,
      users: this.users(steadyTurn({ ...this.clock, rate: this.rateOf })),
      names: new Names(() => startedAt),
      inactive: this.inactive,
      rate: this.rateOf,
      progress: (done, of) => void this.progress.push([done, of]),
    };
  }

  applySteps(): ApplySteps {
    return {
      ...this.clock,
      queue: { send: async (commands) => commands.map((command) => this.send(command)) },
      changes: this.changes,
      progress: (done, of) => void this.progress.push([done, of]),
      window: 40,
      patience: { lookMs: 1_000, giveUpMs: 900_000 },
    };
  }

  /** Two workers deal with what is in the queue, until the work is done. */
  async withWorkers<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const result = work.finally(() => {
      isDone = true;
    });
    const steps = this.userSteps();
    const worker = async () => {
      while (!isDone) await this.deliver(steps);
    };
    return this.clock.run(
      Promise.all([result, ...Array.from({ length: workers }, worker)]).then(([one]) => one),
    );
  }

  private async deliver(steps: UserSteps): Promise<void> {
    const { now, until } = this.clock;
    const batch = this.queue.splice(0, batchSize);
    if (batch.length === 0) return until(now() + 100);
    const results = await applyUsers(batch, steps, now() + 30_000);
    const back = batch.filter(({ messageId }) => {
      const kind = results.get(messageId)?.kind;
      return kind === undefined || afterwards[kind] !== "delete";
    });
    this.queue.push(...back);
  }

  private send(command: UserCommand): string | undefined {
    if (this.queueFails > 0) {
      this.queueFails -= 1;
      return undefined;
    }
    this.sent.push(command);
    return orderOf(this.put(command.username, command));
  }

  private messages = 0;
  private put(username: string, body: object): string {
    this.messages += 1;
    const sequenceNumber = String(this.messages).padStart(20, "0");
    this.queue.push({
      messageId: `m-${this.messages}`,
      body: JSON.stringify(body),
      redelivered: false,
      fifo: { group: groupIdOf(username), sequenceNumber },
    });
    return sequenceNumber;
  }

  private readonly rateOf = (operation: UserOperation): RateInMemory => {
    const known = this.rates.get(operation) ?? new RateInMemory(this.rate, this.clock.now);
    this.rates.set(operation, known);
    return known;
  };

  private users(turn: Turn): UsersInMemory {
    const counted: Turn = async (operation) => {
      await turn(operation);
      this.asked.push(operation);
    };
    return new UsersInMemory(this.centre, counted, this.clock.now);
  }

  private userSteps(): UserSteps {
    return {
      ...this.clock,
      users: (turn) => this.users(turn),
      rate: this.rateOf,
      names: new Names(this.clock.now),
      ledger: new LedgerInMemory(this.clock.now),
      changes: this.changes,
      notices: { publish: async () => new Set() },
      commands: { send: async (again) => void this.put(again.command.username, again) },
      deadLetters: { put: async () => undefined },
      newPassword: () => passwordOf(new Uint8Array(24)),
      inactive: this.inactive,
      patience: { waitMs: 12_000, settleMs: 5_000 },
    };
  }
}
