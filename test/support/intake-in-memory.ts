import type { Intake } from "../../lib/intake/intake.ts";
import type { FitMessage } from "../../lib/intake/message.ts";

/** The queues as lists, with the deduplication of those that are FIFO; passes the contract of SqsIntake. */
export class IntakeInMemory implements Intake {
  /** What the queues hold, in the order in which it came. */
  readonly messages: FitMessage[] = [];
  private readonly refusing: (message: FitMessage) => boolean;
  private readonly throwing: (message: FitMessage) => boolean;

  /**
   * @param refuses which messages their queue does not take
   * @param throws at which messages `put` throws, which SqsIntake never does: for callers that want to be sure
   */
  constructor({ refuses = () => false, throws = () => false }: Partial<Faults> = {}) {
    this.refusing = refuses;
    this.throwing = throws;
  }

  async put(messages: FitMessage[]): Promise<boolean[]> {
    if (messages.some(this.throwing)) throw new Error("the queues are out of order");
    return messages.map((message) => {
      if (this.refusing(message)) return false;
      if (!this.swallows(message)) this.messages.push(message);
      return true;
    });
  }

  private swallows({ group, id }: FitMessage): boolean {
    return group !== undefined && this.messages.some((known) => known.group === group && known.id === id);
  }
}

interface Faults {
  refuses(message: FitMessage): boolean;
  throws(message: FitMessage): boolean;
}
