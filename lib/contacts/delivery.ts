/** One message of a queue, as it was delivered this time. */
export interface Delivery {
  messageId: string;
  body: string;
  /** It was delivered before, so whatever that delivery began may be half done. */
  redelivered: boolean;
  /** Where the queue keeps the order of each group; the number grows with every message of the group. */
  fifo?: { group: string; sequenceNumber: string };
}

/** Out of the dead-letter queue a message comes back as a new one, and no sooner than it would have come back by itself. */
const comesBackAfterMs = 3 * 60_000;

/** Whether this message may be what has made the record what it is, and its notice may have been lost. */
export function mayHaveComeBefore(
  { redelivered }: Delivery,
  { updatedAt }: { updatedAt: string },
  now: number,
): boolean {
  return redelivered || Date.parse(updatedAt) + comesBackAfterMs <= now;
}

/** Told apart from other messages about the same request by its id, which is the same at every delivery. */
export function ownerOf(delivery: Delivery, random: string): string {
  return `${delivery.messageId}/${random}`;
}

export function isOwnedBy(owner: string | undefined, delivery: Delivery): boolean {
  return owner?.startsWith(`${delivery.messageId}/`) ?? false;
}
