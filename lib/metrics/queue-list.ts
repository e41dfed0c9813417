import type { QueueLister } from "../connect/queue-metrics.ts";
import type { Metrics, Queue } from "./metrics.ts";

/** The queues that metrics are kept of. */
export interface QueueList {
  /** Asks Connect now and then; what it said last will do for ten minutes. @throws where there are none */
  current(): Promise<Queue[]>;
  /** A queue has turned out to be gone. */
  forget(): void;
}

const freshMs = 600_000;

/** Which queues: all where there are no patterns. A pattern is a queue's id, or its name, in which `*` is anything. */
export const isWanted = (patterns: readonly string[]): ((queue: Queue) => boolean) => {
  const names = patterns.map((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "s");
  });
  return ({ queueId, name }) =>
    patterns.length === 0 || patterns.includes(queueId) || names.some((pattern) => pattern.test(name));
};

/** Lives as long as the function's environment does. What it learns is kept in the table, by name. */
export function queueList(
  lister: QueueLister,
  metrics: Pick<Metrics, "keepQueues">,
  patterns: readonly string[],
  now: () => number,
): QueueList {
  let known: { queues: Queue[]; since: number } | undefined;
  return {
    async current() {
      if (known && now() - known.since < freshMs) return known.queues;
      const queues = (await lister.list()).filter(isWanted(patterns));
      // Of no queues everything would be whole, and history read.
      if (queues.length === 0) throw new Error("There is no queue that metrics are to be kept of");
      await metrics.keepQueues(queues);
      known = { queues, since: now() };
      return queues;
    },
    forget() {
      known = undefined;
    },
  };
}
