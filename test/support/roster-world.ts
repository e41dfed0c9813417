import { isDeepStrictEqual } from "node:util";
import { type Named, UserError, type UserFacts, type UserOperation } from "../../lib/connect/users.ts";
import type { Delivery } from "../../lib/contacts/delivery.ts";
import { withoutUndefined } from "../../lib/contacts/without-undefined.ts";
import { groupIdOf } from "../../lib/intake/group-id.ts";
import type { UserNotice } from "../../lib/notices/notice.ts";
import { type Applied, afterwards, applyUsers, type UserSteps } from "../../lib/roster/apply-user.ts";
import { orderOf } from "../../lib/roster/ledger.ts";
import { Names } from "../../lib/roster/names.ts";
import { passwordOf } from "../../lib/roster/password.ts";
import type { RosterPlan } from "../../lib/roster/plan/plan-roster.ts";
import { type PartChange, type UserPart, userParts } from "../../lib/roster/user-change.ts";
import type { DesiredUser, UserCommand } from "../../lib/roster/user-command.ts";
import type { Inactive } from "../../lib/roster/wish.ts";
import { LedgerInMemory } from "./ledger-in-memory.ts";
import { UserChangesInMemory } from "./user-changes-in-memory.ts";
import { CentreInMemory, UsersInMemory } from "./users-in-memory.ts";

export const aDesiredUser = (changes: Partial<DesiredUser> = {}): DesiredUser => ({
  identity: { firstName: "Ana", lastName: "Ruiz" },
  phone: { type: "SOFT_PHONE", autoAccept: true, afterContactWorkSeconds: 30 },
  routingProfile: "Sales",
  securityProfiles: ["Agent"],
  active: true,
  ...changes,
});

export const aRosterPlan = (changes: Partial<RosterPlan> = {}): RosterPlan => ({
  created: [],
  changed: [],
  deactivated: [],
  deleted: [],
  untouched: 0,
  unmanaged: [],
  undescribable: [],
  ...changes,
});

/**
 * `lost`: carried out, and nobody is told; `killed`: so is the worker, before that or after it. Only Connect throttles and refuses.
 */
export type Fate = "well" | "throttled" | "refused" | "lost" | "killed-before" | "killed-after";

/** What one command made of its user at Connect, between the first of its writes and the last. */
interface Deeds {
  before: Known | undefined;
  after: Known | undefined;
}

type Known = CentreInMemory["members"][number];

const settleMs = 5_000;

const groupIn = (command: object | string): string =>
  typeof command === "object" && "username" in command ? groupIdOf(String(command.username)) : "ana";

/** The story on a contact centre, a queue and a clock in memory. */
export class RosterWorld {
  readonly centre = new CentreInMemory({
    routingProfiles: ["Sales", "Support", "Nobody"].map((name, n) => ({ id: `r${n}`, name })),
    securityProfiles: ["Agent", "Admin", "None"].map((name, n) => ({ id: `s${n}`, name })),
    paths: { g1: ["EMEA"], g2: ["EMEA", "Night"], g3: ["AMER"], g4: ["AMER", "Night"] },
    levels: 2,
  });
  /** Requests that changed something, or tried to. */
  readonly writes: UserOperation[] = [];
  readonly asked: UserOperation[] = [];
  readonly dead: { body: string; why: string }[] = [];
  inactive: Inactive = { routingProfile: "Nobody", securityProfile: "None" };
  /** What becomes of the next steps; afterwards all goes well. */
  fates: Fate[] = [];
  /** How far reads lie behind, one after the other. */
  lagsMs: number[] = [];
  /** Of one operation there are no moments. */
  busy: UserOperation | undefined;
  /** By order. */
  private readonly deeds = new Map<string, Deeds>();
  private readonly begun = new Map<string, string>();
  private queue: Delivery[] = [];
  private sent = 0;
  private time = Date.parse("2026-11-24T12:00:00Z");
  private workerIsDead = false;
  private readonly ledger = new LedgerInMemory(() => this.time);
  readonly changes = new UserChangesInMemory(() => this.time);
  refusesNotices = false;
  /** As often as they were published. */
  readonly notices: UserNotice[] = [];
  private names = new Names(() => this.time);

  /** @returns its order */
  send(command: UserCommand | string | object, group = groupIn(command)): string {
    this.sent += 1;
    const body = typeof command === "string" ? command : JSON.stringify(command);
    const sequenceNumber = String(this.sent).padStart(20, "0");
    this.queue.push({
      messageId: `m-${this.sent}`,
      body,
      redelivered: false,
      fifo: { group, sequenceNumber },
    });
    return orderOf(sequenceNumber);
  }

  /** What the command did to its user, as the audit record should have it. */
  deedsOf(order: string): { deed: string; changes: PartChange[] } {
    const { before, after } = this.deeds.get(order) ?? { before: undefined, after: undefined };
    const [was, is] = [before, after].map((member) => (member ? this.inNames(member) : {}));
    const changes = userParts
      .filter((part) => !isDeepStrictEqual(was?.[part], is?.[part]))
      .map((part) => ({ part, ...withoutUndefined({ before: was?.[part], after: is?.[part] }) }));
    if (changes.length === 0) return { deed: "unchanged", changes };
    return { deed: before ? (after ? "updated" : "deleted") : "created", changes };
  }

  private inNames({ identity, phone, ...ids }: Known): Partial<Record<UserPart, unknown>> {
    const { routingProfiles, securityProfiles, paths } = this.centre;
    const nameOf = (id: string, all: Named[]) => all.find((one) => one.id === id)?.name;
    return {
      identity,
      phone,
      "routing-profile": nameOf(ids.routingProfileId, routingProfiles),
      "security-profiles": ids.securityProfileIds.map((id) => nameOf(id, securityProfiles)).toSorted(),
      hierarchy: paths[ids.hierarchyGroupId ?? ""],
    };
  }

  get waiting(): number {
    return this.queue.length;
  }

  advance(ms: number): void {
    this.time += ms;
  }

  /** An administrator changes every user. */
  byHand(changes: Partial<UserFacts>): void {
    const changed = this.centre.members.map((member) => ({ ...member, ...changes }));
    this.centre.put(changed, this.time);
  }

  /** One delivery of all that waits. */
  async deliver(): Promise<Applied[]> {
    const batch = this.queue.slice(0, 10);
    this.workerIsDead = false;
    const results = await applyUsers(batch, this.steps(), this.time + 30_000);
    // Who is dead gives no answer, and what it had read is gone with it.
    if (this.workerIsDead) {
      results.clear();
      this.names = new Names(() => this.time);
    }
    const done = new Set(
      [...results].filter(([, { kind }]) => afterwards[kind] === "delete").map(([messageId]) => messageId),
    );
    for (const message of batch) message.redelivered = true;
    this.queue = this.queue.filter(({ messageId }) => !done.has(messageId));
    this.time += this.workerIsDead ? 180_000 : 100;
    return [...results.values()];
  }

  /** Delivers until the queue is empty. */
  async run(mostDeliveries = 200): Promise<Applied[]> {
    const all: Applied[] = [];
    for (let round = 0; this.queue.length > 0; round += 1) {
      if (round === mostDeliveries) throw new Error("the queue does not become empty");
      all.push(...(await this.deliver()));
    }
    return all;
  }

  private steps(): UserSteps {
    return {
      users: (turn) => {
        const users = new UsersInMemory(
          this.centre,
          turn,
          () => this.time,
          () => this.lagsMs.shift() ?? 0,
        );
        return this.withFates(users);
      },
      rate: (operation) => ({
        take: async () => {
          this.alive();
          if (this.busy === operation) return [];
          this.asked.push(operation);
          if (/^(Create|Delete|Update)/.test(operation)) this.writes.push(operation);
          return [this.time];
        },
        pushBack: async () => this.alive(),
      }),
      names: this.names,
      ledger: {
        begin: (username, order) =>
          this.fated(async () => {
            const begun = await this.ledger.begin(username, order);
            if (begun.newest) this.begun.set(username, order);
            return begun;
          }),
        wrote: (username) => this.fated(() => this.ledger.wrote(username)),
      },
      changes: {
        begin: (entry, deed, changes) => this.fated(() => this.changes.begin(entry, deed, changes)),
        withdraw: (entry) => this.fated(() => this.changes.withdraw(entry)),
        settle: (entry, end) => this.fated(() => this.changes.settle(entry, end)),
      },
      notices: {
        publish: (notices) =>
          this.fated(async () => {
            if (this.refusesNotices) return new Set(notices.map(({ noticeId }) => noticeId));
            this.notices.push(...notices.filter((notice) => notice.type === "user-changed"));
            return new Set<string>();
          }),
      },
      commands: { send: (again) => this.fated(async () => void this.send(again, again.command.username)) },
      deadLetters: {
        put: (delivery, why) => this.fated(async () => void this.dead.push({ body: delivery.body, why })),
      },
      newPassword: () => passwordOf(new Uint8Array(24)),
      inactive: this.inactive,
      patience: { waitMs: 12_000, settleMs },
      now: () => this.time,
      until: async (at) => {
        this.alive();
        this.time = Math.max(this.time, at);
      },
    };
  }

  private alive(): void {
    if (this.workerIsDead) throw new Error("killed");
  }

  /** A step that is done or is not, and the worker may die beside it. */
  private async fated<Result>(
    step: () => Promise<Result>,
    noAnswer = () => new Error("no answer"),
  ): Promise<Result> {
    this.alive();
    const fate = this.fates.shift() ?? "well";
    if (fate === "killed-before") this.workerIsDead = true;
    this.alive();
    const result = await step();
    if (fate === "killed-after") this.workerIsDead = true;
    this.alive();
    if (fate === "lost") throw noAnswer();
    return result;
  }

  /** Who is another since then, or not there any more. Of one user at a time. */
  private note(before: Known[]): void {
    const { members } = this.centre;
    const changed = [...before, ...members].find((one) => before.includes(one) !== members.includes(one));
    if (!changed) return;
    const { username } = changed;
    const order = this.begun.get(username) ?? "";
    const named = (all: Known[]) => all.find((one) => one.username === username);
    const first = this.deeds.get(order) ?? { before: named(before) };
    this.deeds.set(order, { ...first, after: named(members) });
  }

  private withFates(users: UsersInMemory): UsersInMemory {
    return new Proxy(users, {
      get: (target, name) => {
        const own: unknown = Reflect.get(target, name);
        if (typeof own !== "function") return own;
        return async (...given: unknown[]) => {
          const failed = (kind: UserError["kind"], reason: string) =>
            new UserError(kind, this.asked.at(-1) ?? "SearchUsers", reason);
          const [fate] = this.fates;
          if (fate === "throttled" || fate === "refused") {
            this.fates.shift();
            this.alive();
            throw fate === "refused"
              ? failed("refused", "InvalidParameterException")
              : failed("rate", "TooManyRequestsException");
          }
          const before = this.centre.members;
          try {
            const method = () => Reflect.apply(own, target, given);
            return await this.fated(method, () => failed("unclear", "TimeoutError"));
          } finally {
            this.note(before);
            this.time += 200;
          }
        };
      },
    });
  }
}
