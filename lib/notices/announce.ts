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
  const fail = (messageId: string, error: unknown) => results.set(messageId, { kind: "failed", error });
  try {
    const failed = await notices.publish(told.map(({ notice }) => notice));
    for (const { messageId, notice } of told)
      if (failed.has(notice.noticeId)) fail(messageId, new Error("SNS did not take the notice"));
  } catch (error) {
    for (const { messageId } of told) fail(messageId, error);
  }
}
