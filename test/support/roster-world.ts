import { UserError, type UserOperation } from "../../lib/connect/users.ts";
import type { Delivery } from "../../lib/contacts/delivery.ts";
import { groupIdOf } from "../../lib/intake/group-id.ts";
import { type Applied, afterwards, applyUsers, type UserSteps } from "../../lib/roster/apply-user.ts";
import { Names } from "../../lib/roster/names.ts";
import { passwordOf } from "../../lib/roster/password.ts";
import type { DesiredUser, UserCommand } from "../../lib/roster/user-command.ts";
import type { Inactive } from "../../lib/roster/wish.ts";
import { LedgerInMemory } from "./ledger-in-memory.ts";
import { CentreInMemory, UsersInMemory } from "./users-in-memory.ts";

export const aDesiredUser = (changes: Partial<DesiredUser> = {}): DesiredUser => ({
  identity: { firstName: "Ana", lastName: "Ruiz" },
  phone: { type: "SOFT_PHONE", autoAccept: true, afterContactWorkSeconds: 30 },
  routingProfile: "Sales",
  securityProfiles: ["Agent"],
  active: true,
  ...changes,
});

/** `lost`: carried out, and nobody is told; `killed`: so is the worker, before that or after it. */
export type Fate = "well" | "throttled" | "lost" | "killed-before" | "killed-after";

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
  private queue: Delivery[] = [];
  private sent = 0;
  private time = Date.parse("2026-11-24T12:00:00Z");
  private workerIsDead = false;
  private readonly ledger = new LedgerInMemory(() => this.time);
  private names = new Names(() => this.time);

  send(command: UserCommand | string | object, group = groupIn(command)): void {
    this.sent += 1;
    const body = typeof command === "string" ? command : JSON.stringify(command);
    const sequenceNumber = String(this.sent).padStart(20, "0");
    this.queue.push({
      messageId: `m-${this.sent}`,
      body,
      redelivered: false,
      fifo: { group, sequenceNumber },
    });
  }

  get waiting(): number {
    return this.queue.length;
  }

  advance(ms: number): void {
    this.time += ms;
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
        begin: (username, order) => this.fated(() => this.ledger.begin(username, order)),
        wrote: (username) => this.fated(() => this.ledger.wrote(username)),
      },
      commands: { send: (again) => this.fated(async () => this.send(again, again.command.username)) },
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

  /** A step outside of Connect: it is done or it is not, and the worker may die beside it. */
  private async fated<Result>(step: () => Promise<Result>): Promise<Result> {
    this.alive();
    const fate = this.fates.shift() ?? "well";
    if (fate === "killed-before") this.workerIsDead = true;
    this.alive();
    const result = await step();
    if (fate === "killed-after") this.workerIsDead = true;
    this.alive();
    return result;
  }

  private withFates(users: UsersInMemory): UsersInMemory {
    return new Proxy(users, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        return async (...given: unknown[]) => {
          const last = () => this.asked.at(-1) ?? "SearchUsers";
          const [fate] = this.fates;
          if (fate === "throttled") {
            this.fates.shift();
            this.alive();
            throw new UserError("rate", last(), "TooManyRequestsException");
          }
          const result = await this.fated(() => Reflect.apply(method, target, given));
          this.time += 200;
          if (fate === "lost") throw new UserError("unclear", last(), "TimeoutError");
          return result;
        };
      },
    });
  }
}
