import type { Fate } from "./faults.ts";
import type { World } from "./world.ts";

/** The SDK gives up on one HTTP attempt after that, and sends the request again. */
const timeoutMs = 3_000;

/** One invocation of a function: all that it asks of the outside goes through here, and may meet with anything. */
export class Worker {
  readonly name: string;
  /** When Lambda cuts it off, on the true clock. */
  readonly endsAt: number;
  /** Something befell it: what it had still to do may be left undone. */
  disturbed = false;
  /** It was kept waiting, which excuses nothing but that it ran out of time. */
  delayed = false;
  private dead = false;
  private readonly world: World;
  private readonly skewMs: number;

  constructor(world: World, name: string, forMs: number) {
    this.world = world;
    this.name = name;
    const { skewMs } = world.hostility;
    this.skewMs = skewMs === 0 ? 0 : world.random.between(-skewMs, skewMs);
    this.endsAt = world.clock.now + forMs;
  }

  /** By its own clock. */
  now(): number {
    return this.world.clock.now + this.skewMs;
  }

  get mustEndBy(): number {
    return this.endsAt + this.skewMs;
  }

  /** From then on it touches nothing. */
  get isGone(): boolean {
    if (this.world.clock.now > this.endsAt) this.die();
    return this.dead;
  }

  die(): void {
    this.dead = true;
    this.disturbed = true;
  }

  until(at: number): Promise<void> {
    const { clock, random } = this.world;
    return new Promise((resolve) => {
      if (this.isGone) return;
      const trueAt = Math.max(at - this.skewMs, clock.now);
      clock.at(trueAt + (trueAt > clock.now ? random.between(0, 3) : 0), () =>
        this.resume(undefined, resolve),
      );
    });
  }

  request<Answer>(
    what: string,
    act: () => Answer,
    fail: () => Answer,
    kind: Kind<Answer> = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.isGone) return;
      const { random, clock, hostility, isCalm } = this.world;
      const draw = random.next();
      const soon = clock.now + 1 + (Math.floor(draw * 100_000) % 20);
      if (isCalm || draw >= hostility.ofRequest) {
        clock.at(soon, () => this.resume(this.arrive(what, act), resolve));
        return;
      }
      const fate = random.pick(hostility.fates);
      this.world.note(this, what, fate);
      this.befall(fate, { what, act, fail, kind, resolve, reject, soon });
    });
  }

  /** A request to DynamoDB, which may be out of order for a while. */
  database<Answer>(what: string, act: () => Answer): Promise<Answer> {
    const { world } = this;
    if (!world.isOutage) return this.request(what, act, noAnswer);
    this.disturbed = true;
    world.note(this, what, "outage");
    return new Promise((_, reject) => {
      world.clock.after(100, () => {
        this.resume(unreachable, reject);
      });
    });
  }

  private befall<Answer>(fate: Fate, request: Request<Answer>): void {
    const { random } = this.world;
    const { soon, kind } = request;
    const { once = false, lost, copyWithinMs = random.chance(0.3) ? 60_000 : 8_000 } = kind;
    if (fate === "slow") this.delayed = true;
    else this.disturbed = true;
    if (fate === "dies-before" || fate === "dies-after") this.die();
    switch (fate) {
      case "lost":
        this.giveUp(request, soon + random.pick([0, timeoutMs]), lost);
        break;
      case "reply-lost":
        this.carryOut(request, soon);
        this.giveUp(request, soon + random.pick([1, timeoutMs]));
        break;
      case "repeated":
        this.carryOut(request, soon);
        if (once) this.giveUp(request, soon + timeoutMs);
        else this.carryOut(request, soon + random.pick([100, timeoutMs]), 0);
        break;
      case "late-copy":
        if (once || random.chance(0.5)) this.giveUp(request, soon + timeoutMs);
        else this.carryOut(request, soon + timeoutMs, 0);
        this.carryOut(request, soon + timeoutMs + random.between(0, copyWithinMs));
        break;
      case "slow":
        this.carryOut(request, soon, random.pick([500, 2_500, once ? 2_500 : 20_000]));
        break;
      case "dies-before":
        break;
      case "dies-after":
        this.carryOut(request, soon);
    }
  }

  /** @param answeredAfterMs undefined where the answer never comes */
  private carryOut<Answer>(
    { what, act, resolve }: Request<Answer>,
    at: number,
    answeredAfterMs?: number,
  ): void {
    const { clock } = this.world;
    clock.at(at, () => {
      const answer = this.arrive(what, act);
      if (answeredAfterMs === 0) this.resume(answer, resolve);
      else if (answeredAfterMs !== undefined)
        clock.after(answeredAfterMs, () => this.resume(answer, resolve));
    });
  }

  private giveUp<Answer>({ fail, resolve, reject }: Request<Answer>, at: number, how = fail): void {
    this.world.clock.at(at, () => {
      if (this.isGone) return;
      this.world.hasResumed = true;
      try {
        resolve(how());
      } catch (error) {
        reject(error);
      }
    });
  }

  private resume<Answer>(answer: Answer, settle: (answer: Answer) => void): void {
    if (this.isGone) return;
    this.world.hasResumed = true;
    settle(answer);
  }

  private arrive<Answer>(what: string, act: () => Answer): Answer {
    const { world } = this;
    const answer = act();
    world.note(this, what, answer);
    return answer;
  }
}

/** Errors that are thrown often are made once: each that is made walks the stack. */
const unanswered = new Error("there was no answer");
const unreachable = new Error("DynamoDB cannot be reached");

function noAnswer(): never {
  throw unanswered;
}

interface Request<Answer> {
  what: string;
  /** What the other side does when the request arrives, each time that it does. */
  act: () => Answer;
  /** What a client makes of it that got no answer. */
  fail: () => Answer;
  kind: Kind<Answer>;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
  soon: number;
}

interface Kind<Answer> {
  /** The SDK does not send it again. */
  once?: boolean;
  /** What a client makes of it that knows that nothing was sent. */
  lost?: () => Answer;
  /** How late a copy can be that the client has given up on. */
  copyWithinMs?: number;
}
