/** SQS takes ten messages at once, and 1 MiB; a message of ours is at most a quarter of that. */
const batchSize = 10;
const batchBytes = 1_048_576;

/** In their order, in batches that SQS takes. */
export function batchesOf<Message extends { body: string }>(messages: Message[]): Message[][] {
  const batches: Message[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const batch = batches.at(-1);
    const size = Buffer.byteLength(message.body);
    if (batch && batch.length < batchSize && bytes + size <= batchBytes) {
      batch.push(message);
      bytes += size;
    } else {
      batches.push([message]);
      bytes = size;
    }
  }
  return batches;
}
