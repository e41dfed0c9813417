import { createHash } from "node:crypto";

/** SQS takes at most 128 letters, digits and punctuation marks, which every id of ours and of Connect's is. */
const fitting = /^[!-~]{1,128}$/;

/**
 * The FIFO group of updates of one request or contact, or of commands of one user.
 * @param name a requestId, contactId or username; of what producers may write not everything can name a group
 */
export const groupIdOf = (name: string): string =>
  fitting.test(name) ? name : createHash("sha256").update(name).digest("hex");
