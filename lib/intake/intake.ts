import type { FitMessage } from "./message.ts";

/** The queues that producers send to. */
export interface Intake {
  /**
   * Never throws: where a queue fails, what it has not confirmed does not count as taken, and what others took still does.
   * @returns for each message, in the same order, whether its queue has certainly taken it. One that has not may be sent again,
   * and should be: where the answer was lost it may be in the queue all the same, and its id makes the second copy harmless
   */
  put(messages: FitMessage[]): Promise<boolean[]>;
}
