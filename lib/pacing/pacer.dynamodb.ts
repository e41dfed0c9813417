import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { portions } from "../portions.ts";
import {
  emptyPacer,
  type Grant,
  intervalOf,
  type Pace,
  type Pacer,
  type PacerState,
  plan,
  pushBackMs,
  slotsAfter,
  toleranceOf,
} from "./pacer.ts";

const stateSchema = v.object({
  tat: v.number(),
  line: v.number(),
  leases: v.record(v.string(), v.number()),
  heldMs: v.number(),
  ended: v.number(),
});

/** DynamoDB takes 4 KB of update expression, which are some 300 leases. */
const releasedAtOnce = 100;

/** Beyond this many lost races everybody is sent away for a moment instead. */
const races = 8;

interface Update {
  expression: string;
  condition: string;
  names?: Record<string, string>;
  values?: Record<string, unknown>;
}

/**
 * The pacer as one item per Connect instance. A batch of dials is one write in which the rate is a plain addition to
 * `tat`, so that workers do not invalidate each other's writes; only when something binds is the item read and planned on.
 */
export class DynamoPacer implements Pacer {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly pacerId: string;
  private readonly pace: Pace;
  private readonly now: () => number;
  /** As this worker last saw it: which of the two writes to try first. */
  private lastTat = 0;

  constructor(client: DynamoDBClient, table: string, pacerId: string, pace: Pace, now: () => number) {
    this.client = client;
    this.table = table;
    this.pacerId = pacerId;
    this.pace = pace;
    this.now = now;
  }

  async take(leases: string[], horizonMs: number): Promise<Grant> {
    if (!this.fitsHorizon(leases, horizonMs)) return this.takeWhatFits(leases, horizonMs);
    return (await this.takeAll(leases, horizonMs)) ?? (await this.takeWhatFits(leases, horizonMs));
  }

  async release(leases: { lease: string; heldMs?: number }[]): Promise<void> {
    for (const portion of portions(leases, releasedAtOnce)) await this.releaseAtOnce(portion);
  }

  private async releaseAtOnce(leases: { lease: string; heldMs?: number }[]): Promise<void> {
    const held = leases.flatMap(({ heldMs }) => (heldMs === undefined ? [] : [heldMs]));
    await this.update({
      expression: `REMOVE ${leases.map((_, index) => `leases.#l${index}`).join(", ")} ADD heldMs :held, ended :ended`,
      condition: "attribute_exists(pacerId)",
      names: Object.fromEntries(leases.map(({ lease }, index) => [`#l${index}`, lease])),
      values: { ":held": held.reduce((sum, ms) => sum + ms, 0), ":ended": held.length },
    });
  }

  async pushBack(because: "rate" | "active-calls"): Promise<void> {
    const tat = this.now() + pushBackMs(because, this.pace) + toleranceOf(this.pace);
    await this.update({ expression: "SET tat = :tat", condition: "tat < :tat", values: { ":tat": tat } });
  }

  async leasesTakenBefore(at: number): Promise<string[]> {
    const { leases } = (await this.read()) ?? emptyPacer;
    return Object.keys(leases).filter((lease) => (leases[lease] ?? at) < at);
  }

  /** The one write when nothing binds. @returns undefined when something does, or may */
  private async takeAll(leases: string[], horizonMs: number): Promise<Grant | undefined> {
    const now = this.now();
    const names = Object.fromEntries(leases.map((lease, index) => [`#l${index}`, lease]));
    const taken = leases.map((_, index) => `leases.#l${index} = :now`).join(", ");
    const steps = leases.length * intervalOf(this.pace);
    const room = this.pace.activeCalls - leases.length;
    const latest = now + horizonMs + toleranceOf(this.pace) - (leases.length - 1) * intervalOf(this.pace);
    const busy: Update = {
      expression: `SET tat = tat + :steps, ${taken}`,
      condition: "tat >= :now AND tat <= :latest AND size(leases) <= :room",
      names,
      values: { ":steps": steps, ":now": now, ":latest": latest, ":room": room },
    };
    const idle: Update = {
      expression: `SET tat = :tat, ${taken}`,
      condition: "tat < :now AND size(leases) <= :room",
      names,
      values: { ":tat": now + steps, ":now": now, ":room": room },
    };
    const after = await this.update(this.lastTat >= now ? busy : idle);
    if (!after) return undefined;
    return { slots: slotsAfter(after.tat - steps, leases, this.pace, now), later: [], boundBy: "rate" };
  }

  /** A batch that would not fit an idle pacer need not be tried whole. */
  private fitsHorizon(leases: string[], horizonMs: number): boolean {
    return (leases.length - 1) * intervalOf(this.pace) - toleranceOf(this.pace) <= horizonMs;
  }

  private async takeWhatFits(leases: string[], horizonMs: number): Promise<Grant> {
    for (let race = 0; race < races; race += 1) {
      const state = await this.read();
      const now = this.now();
      const { grant, next } = plan(state ?? emptyPacer, leases, this.pace, now, horizonMs);
      if (state && grant.later.length === 0) {
        // Now that it is known how busy it is, the write that no other worker can invalidate will do.
        const all = await this.takeAll(leases, horizonMs);
        if (all) return all;
        continue;
      }
      const written = await this.update(state ? replacing(state, next, grant) : creating(next));
      if (written) return grant;
    }
    const from = this.now() + horizonMs;
    const later = leases.map((_, index) => Math.ceil(from + index * intervalOf(this.pace)));
    return { slots: [], later, boundBy: "rate" };
  }

  private async read(): Promise<PacerState | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({
        TableName: this.table,
        Key: marshall({ pacerId: this.pacerId }),
        ConsistentRead: true,
      }),
    );
    if (!Item) return undefined;
    const state = v.parse(stateSchema, unmarshall(Item));
    this.lastTat = state.tat;
    return state;
  }

  /** @returns undefined when the condition did not hold */
  private async update({ expression, condition, names, values }: Update): Promise<PacerState | undefined> {
    const input: UpdateItemCommandInput = {
      TableName: this.table,
      Key: marshall({ pacerId: this.pacerId }),
      UpdateExpression: expression,
      ConditionExpression: condition,
      ...(names && { ExpressionAttributeNames: names }),
      ...(values && { ExpressionAttributeValues: marshall(values) }),
      ReturnValues: "ALL_NEW",
    };
    try {
      const { Attributes } = await this.client.send(new UpdateItemCommand(input));
      const state = v.parse(stateSchema, unmarshall(Attributes ?? {}));
      this.lastTat = state.tat;
      return state;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }
}

function creating(next: PacerState): Update {
  return {
    expression: "SET tat = :tat, line = :line, leases = :leases, heldMs = :heldMs, ended = :ended",
    condition: "attribute_not_exists(pacerId)",
    values: Object.fromEntries(Object.entries(next).map(([key, value]) => [`:${key}`, value])),
  };
}

/** Leases are only ever added together with `tat`, so an unchanged `tat` and `line` mean that the plan still holds. */
function replacing(state: PacerState, next: PacerState, grant: Grant): Update {
  const taken = grant.slots.map((_, index) => `, leases.#l${index} = :now${index}`).join("");
  return {
    expression: `SET tat = :tat, line = :line, heldMs = :heldMs, ended = :ended${taken}`,
    condition: "tat = :readTat AND line = :readLine",
    ...(grant.slots.length > 0 && {
      names: Object.fromEntries(grant.slots.map((slot, index) => [`#l${index}`, slot.lease])),
    }),
    values: {
      ":tat": next.tat,
      ":line": next.line,
      ":heldMs": next.heldMs,
      ":ended": next.ended,
      ":readTat": state.tat,
      ":readLine": state.line,
      ...Object.fromEntries(grant.slots.map((slot, index) => [`:now${index}`, next.leases[slot.lease]])),
    },
  };
}
