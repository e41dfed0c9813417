import { setImmediate as allElse } from "node:timers/promises";

/** Time that passes only when everything waits for it. */
export class VirtualClock {
  private time: number;
  private waiting: { at: number; go: () => void }[] = [];

  constructor(startAt: number) {
    this.time = startAt;
  }

  now = (): number => this.time;

  until = (at: number): Promise<void> =>
    at <= this.time
      ? Promise.resolve()
      : new Promise((go) => {
          this.waiting.push({ at, go });
        });

  /** Lets time pass until the work is done. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let isDone = false;
    const settled = () => {
      isDone = true;
    };
    work.then(settled, settled);
    for (await allElse(); !isDone; await allElse()) {
      if (this.waiting.length === 0) throw new Error("nobody waits for anything, and it is not done");
      this.time = Math.min(...this.waiting.map(({ at }) => at));
      const due = this.waiting.filter(({ at }) => at <= this.time);
      this.waiting = this.waiting.filter(({ at }) => at > this.time);
      for (const { go } of due) go();
    }
    return work;
  }
}
