/** What is remembered of each user: the newest command that was begun, and when it was last changed. */
export interface Ledger {
  /**
   * To be called before anything is read or written for a command. A command may come round behind a newer one of the same user.
   * @param order of the message that the command first came in: text of one length, greater for what came later
   * @returns `newest`: none that came later has been begun; `wroteAt`: epoch milliseconds
   */
  begin(username: string, order: string): Promise<{ newest: boolean; wroteAt?: number }>;
  /** To be called after the last request that changed the user, or may have. */
  wrote(username: string): Promise<void>;
}

/** SQS's sequence number grows within a group; that it is always of one length is not promised. */
export const orderOf = (sequenceNumber: string): string => sequenceNumber.padStart(40, "0");

/** Longer than a message can live in the queue and then in its dead-letter queue. */
export const keepMs = 30 * 86_400_000;
