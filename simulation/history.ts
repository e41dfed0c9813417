import { Lambda } from "./functions.ts";
import { judge } from "./judge.ts";
import type { TokenRule } from "./parts/connect.ts";
import { queueNames } from "./parts/queues.ts";
import { type Asked, askAway } from "./producers.ts";
import type { Broken } from "./promises.ts";
import type { Sabotage } from "./sabotage.ts";
import { World } from "./world.ts";

export interface Outcome {
  seed: number;
  broken: Broken[];
  happenings: number;
  calls: number;
  /** Connect was sent the token of a call that it had begun: only then does it matter for how long it knows one. */
  knownTokenCame: boolean;
  virtualMs: number;
  trace: string[] | undefined;
}

export interface HistoryOptions {
  seed: number;
  tokenRule: TokenRule;
  sabotage?: Sabotage;
  traced?: boolean;
}

const minutes = (count: number): number => count * 60_000;
/** No history needs nearly as many; one that does goes round in circles. */
const mostHappenings = 20_000;

/** One history, from the first message until nothing is left to happen. */
export class History {
  readonly world: World;
  private readonly seed: number;
  private readonly asked: Asked;
  private redrives = 0;

  constructor({ seed, tokenRule, sabotage = {}, traced = false }: HistoryOptions) {
    this.seed = seed;
    this.world = new World(seed, { tokenRule, sabotage, traced });
    const { world } = this;
    if (world.trace) world.note(undefined, "hostility", { tokenRule, pace: world.pace, ...world.hostility });
    new Lambda(world);
    const { asked, doneAt } = askAway(world);
    this.asked = asked;
    world.faultsEndAt = doneAt + minutes(15);
    const redriveAt =
      world.faultsEndAt + Math.max(minutes(5), world.endless ? 0 : world.hostility.redriveAfterMs);
    world.clock.at(redriveAt, () => this.redrive());
    // By then whoever is to stop a call has had the time to.
    world.clock.at(redriveAt + minutes(45), () => this.endCalls());
  }

  /** Lets things happen until code runs that has to come to its next wait. @returns whether anything is left */
  advance(): boolean {
    const { world } = this;
    const { clock } = world;
    world.hasResumed = false;
    while (!world.hasResumed) {
      if (clock.isAtRest) return this.goOnAfterRest();
      if (clock.happened > mostHappenings) {
        world.promises.broken("rest", `there is no end to it after ${mostHappenings} happenings`);
        return false;
      }
      clock.next();
    }
    return true;
  }

  outcome(): Outcome {
    const { world } = this;
    const { promises, clock, connect, trace } = world;
    return {
      seed: this.seed,
      broken: promises.found,
      happenings: clock.happened,
      calls: connect.contacts.length,
      knownTokenCame: connect.knownTokenCame,
      virtualMs: clock.now,
      trace,
    };
  }

  /** What came into a dead-letter queue after the redrive is sent back once more; then it is over. */
  private goOnAfterRest(): boolean {
    if (this.redrive() && this.redrives < 4) return true;
    judge(this.world, this.asked);
    return false;
  }

  private redrive(): boolean {
    const { world } = this;
    this.redrives += 1;
    let any = false;
    for (const name of queueNames) {
      const queue = world.queues[name];
      for (const { id, body, receivers, hasCopy } of queue.deadLetters)
        if (
          body !== "poison" &&
          receivers.filter(({ disturbed, delayed }) => !disturbed && !delayed).length > Number(hasCopy)
        )
          world.promises.broken(
            "dead-letters",
            `${id} is in a dead-letter queue, and not all of its receives were disturbed`,
          );
      const redriven = queue.redrive(world.clock.now, ({ body }) => body !== "poison");
      if (redriven.length === 0) continue;
      any = true;
      world.note(undefined, "redrives", redriven.map(({ id }) => id).join(", "));
      world.onMessage(name);
    }
    return any;
  }

  private endCalls(): void {
    const { world, asked } = this;
    for (const contact of world.connect.live()) {
      const { requestId, contactId, attemptId, known } = contact;
      const { table } = world;
      const campaignId = table.records.get(requestId)?.campaignId;
      const isStopped =
        asked.stopped.has(requestId) ||
        (campaignId !== undefined && asked.stopped.has(campaignId)) ||
        asked.stoppedContacts.has(contactId);
      // Of one that nothing has told of nobody can know.
      if (isStopped && known)
        world.promises.broken(
          "stopped",
          `${contactId} of ${attemptId} still runs, although it was to be stopped`,
        );
    }
    world.connect.hangUpAll();
  }
}
