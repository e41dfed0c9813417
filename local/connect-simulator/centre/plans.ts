import type { SimulatedClock } from "./clock.ts";

/** Who still has steps before it, the earliest first. `at`: simulated milliseconds. */
type Planned<Step extends { readonly at: number }> = { ahead: Step[] };

/** Lets the steps of contacts or agents happen, each at its time, and however often their plans change. */
export type Plans<Owner> = {
  /** Waits for the first of the steps that the owner now has. */
  follow(owner: Owner): void;
  forgetAll(): void;
};

export function plans<Step extends { readonly at: number }, Owner extends Planned<Step>>(
  clock: SimulatedClock,
  idOf: (owner: Owner) => string,
  take: (owner: Owner, step: Step) => void,
  /** A plan has changed, and is to be kept. */
  save: (owner: Owner) => void = () => {},
): Plans<Owner> {
  const cancels = new Map<string, () => void>();

  function follow(owner: Owner): void {
    const id = idOf(owner);
    cancels.get(id)?.();
    cancels.delete(id);
    save(owner);
    const next = owner.ahead[0];
    if (next === undefined) return;
    const cancel = clock.schedule(next.at, () => {
      owner.ahead.shift();
      take(owner, next);
      follow(owner);
    });
    cancels.set(id, cancel);
  }

  return {
    follow,
    forgetAll() {
      for (const cancel of cancels.values()) cancel();
      cancels.clear();
    },
  };
}

/** The same steps and these, by their times. */
export const inOrder = <Step extends { readonly at: number }>(steps: readonly Step[]): Step[] =>
  steps.toSorted((a, b) => a.at - b.at);
