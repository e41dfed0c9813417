import { groupIdOf } from "../intake/group-id.ts";
import { textForSqs } from "../intake/text-for-sqs.ts";

/** A message of `user-commands.fifo`, in the terms of SQS: those of one user come one after the other. */
export const commandMessage = (content: unknown, username: string, deduplicationId: string) => ({
  MessageBody: textForSqs(content),
  MessageGroupId: groupIdOf(username),
  MessageDeduplicationId: deduplicationId,
});
