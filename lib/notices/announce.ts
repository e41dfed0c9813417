import type { Notice, Notices } from "./notice.ts";

/** A notice, and the message that stands for it: the queue is the outbox. */
export interface Told {
  messageId: string;
  notice: Notice;
}

type Failed = { kind: "failed"; error: unknown };

/** Publishes all notices of a batch together. A message whose notice could not be published is delivered again. */
export async function announce<Result>(
  results: Map<string, Result | Failed>,
  told: Told[],
  notices: Notices,
): Promise<void> {
  if (told.length === 0) return;
  let isTold: (noticeId: string) => boolean = () => false;
  let error: unknown = new Error("SNS did not take the notice");
  try {
    const failed = await notices.publish(told.map(({ notice }) => notice));
    isTold = (noticeId) => !failed.has(noticeId);
  } catch (reason) {
    error = reason;
  }
  for (const { messageId, notice } of told) {
    if (!isTold(notice.noticeId)) results.set(messageId, { kind: "failed", error });
  }
}
