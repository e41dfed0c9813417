import type { Message } from "./sqs-event.ts";

/** As much of SQS as matters here: whatever is received comes back unless it is deleted. */
export interface MessageQueue {
  /** @returns undefined once every message is deleted */
  receive(atMost: number): Promise<Message[] | undefined>;
  /** One message less to wait for. */
  delete(): void;
  /** Makes it visible again after a while. */
  putBack(message: Message, afterMs: number): void;
}

export function messageQueue(messages: Message[]): MessageQueue {
  const visible = [...messages];
  let left = messages.length;
  let waiting: (() => void)[] = [];

  function wake(): void {
    const awake = waiting;
    waiting = [];
    for (const resume of awake) resume();
  }

  return {
    async receive(atMost) {
      while (visible.length === 0 && left > 0) await new Promise<void>((resolve) => waiting.push(resolve));
      return left > 0 ? visible.splice(0, atMost) : undefined;
    },
    delete() {
      left -= 1;
      if (left === 0) wake();
    },
    putBack(message, afterMs) {
      setTimeout(
        () => {
          visible.push(message);
          wake();
        },
        Math.max(afterMs, 0),
      );
    },
  };
}
