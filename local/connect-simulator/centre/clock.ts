import { EventHeap, type Scheduled } from "./event-heap.ts";

/** Simulated time, in milliseconds since the epoch, and what is to happen in it. */
export type SimulatedClock = {
  now(): number;
  speed(): number;
  setSpeed(speed: number): void;
  /** Runs everything due within `milliseconds`, in order, each at its own time. */
  advance(milliseconds: number): void;
  /** Runs at `at`, or as soon as the clock next moves if that is past; the answer cancels it. */
  schedule(at: number, run: () => void): () => void;
  stop(): void;
};

/** Real milliseconds that the clock may keep the process busy without a pause. */
const longestTick = 20;

// setTimeout fires at once for anything longer.
const longestTimer = 2_147_483_647;

/** `afterEach` runs after each thing that happened, at its time. */
export function simulatedClock(
  startAt: number,
  initialSpeed: number,
  afterEach: (now: number) => void = () => {},
): SimulatedClock {
  const heap = new EventHeap();
  let speed = initialSpeed;
  let order = 0;
  let anchor = { simulated: startAt, real: performance.now() };
  // While an event runs, the clock stands at that event's time: a late timer must not blur the times of a call.
  let standingAt: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const now = (): number =>
    standingAt ?? Math.floor(anchor.simulated + (performance.now() - anchor.real) * speed);

  function nextLive(): Scheduled | undefined {
    for (let next = heap.peek(); next !== undefined; next = heap.peek()) {
      if (next.run !== null) return next;
      heap.pop();
    }
    return undefined;
  }

  /** @returns how far it came: `target`, unless the time was up before */
  function runUntil(target: number, isTimeUp: () => boolean = () => false): number {
    for (let next = nextLive(); next !== undefined && next.at <= target; next = nextLive()) {
      heap.pop();
      standingAt = Math.max(next.at, anchor.simulated);
      const { run } = next;
      next.run = null;
      try {
        run?.();
        afterEach(standingAt);
      } finally {
        standingAt = null;
      }
      if (isTimeUp()) return Math.max(next.at, anchor.simulated);
    }
    return target;
  }

  function arm(): void {
    clearTimeout(timer);
    timer = undefined;
    const next = nextLive();
    if (stopped || speed === 0 || next === undefined || standingAt !== null) return;
    const wait = Math.ceil((next.at - now()) / speed);
    timer = setTimeout(tick, Math.min(Math.max(wait, 0), longestTimer));
  }

  // At a speed that the machine cannot keep up with the clock falls behind, and requests are answered all the same.
  function tick(): void {
    const target = now();
    const began = performance.now();
    const reached = runUntil(target, () => performance.now() - began > longestTick);
    if (reached < target) anchor = { simulated: reached, real: performance.now() };
    arm();
  }

  return {
    now,
    speed: () => speed,
    setSpeed(next) {
      anchor = { simulated: now(), real: performance.now() };
      speed = next;
      arm();
    },
    advance(milliseconds) {
      const target = now() + milliseconds;
      runUntil(target);
      anchor = { simulated: target, real: performance.now() };
      arm();
    },
    schedule(at, run) {
      order += 1;
      const item: Scheduled = { at, order, run };
      heap.push(item);
      if (nextLive() === item) arm();
      return () => {
        item.run = null;
      };
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
