import type { FitMessage } from "./message.ts";

/** The queues that producers send to. */
export interface Intake {
  /** @returns for each message, in the same order, whether its queue has taken it; what was not taken may be sent again */
  put(messages: FitMessage[]): Promise<boolean[]>;
}
