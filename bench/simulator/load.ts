import { connect, type Socket } from "node:net";

export interface Load {
  requests: number;
  seconds: number;
  /** Milliseconds from a request's first byte out to its answer's last byte in. */
  latencies: number[];
}

export const connections = 8;

/** Sends prepared requests for so many seconds, one at a time on each connection; it ends early when there are no more. */
export async function load(port: number, next: () => Buffer | undefined, seconds: number): Promise<Load> {
  const latencies: number[] = [];
  const begun = performance.now();
  const following = () => (performance.now() - begun < seconds * 1000 ? next() : undefined);
  await Promise.all(Array.from({ length: connections }, () => drive(port, following, latencies)));
  return { requests: latencies.length, seconds: (performance.now() - begun) / 1000, latencies };
}

/** One connection; made anew whenever the server closes it. */
function drive(port: number, next: () => Buffer | undefined, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let socket: Socket | undefined;
    let sentAt = 0;

    function send(): void {
      const request = next();
      if (request === undefined) {
        socket?.destroy();
        resolve();
        return;
      }
      sentAt = performance.now();
      socket ??= open();
      socket.write(request);
    }

    function open(): Socket {
      const opened = connect(port, "127.0.0.1");
      const answer = new AnswerReader();
      opened.setNoDelay(true);
      opened.on("error", reject);
      opened.on("data", (chunk) => {
        if (!answer.take(chunk)) return;
        if (answer.status !== 200) {
          opened.destroy();
          reject(new Error(`a request was answered with ${answer.status}: ${chunk.toString()}`));
          return;
        }
        latencies.push(performance.now() - sentAt);
        if (answer.closes) {
          opened.destroy();
          socket = undefined;
        }
        send();
      });
      return opened;
    }

    send();
  });
}

/** Counts off one answer after another, as cheaply as can be: nothing of a body is kept or parsed. */
class AnswerReader {
  status = 0;
  closes = false;
  #begin: Buffer = Buffer.alloc(0);
  /** Bytes of the body that are still to come; null while the head is not whole. */
  #left: number | null = null;

  /** True once the answer is whole. */
  take(chunk: Buffer): boolean {
    if (this.#left === null) {
      const bytes = this.#begin.length === 0 ? chunk : Buffer.concat([this.#begin, chunk]);
      const end = bytes.indexOf("\r\n\r\n");
      this.#begin = end < 0 ? bytes : Buffer.alloc(0);
      if (end < 0) return false;
      const head = bytes.toString("latin1", 0, end);
      this.status = Number(head.slice(9, 12));
      this.closes = /\r\nconnection: close/i.test(head);
      this.#left = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0) - (bytes.length - end - 4);
    } else this.#left -= chunk.length;
    if (this.#left > 0) return false;
    this.#left = null;
    return true;
  }
}
