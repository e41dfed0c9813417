import { lookup } from "node:dns";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { type Destination, mayConnectTo } from "./destination.ts";
import type { Post, PostAnswer, Poster } from "./poster.ts";

export interface PosterOptions {
  /** Milliseconds for all of it: name, connection, TLS, request and answer. */
  timeoutMs: number;
  now(): number;
  /** Trusted in place of those that Node trusts; for tests. */
  ca?: string;
  /** In place of the system's; for tests. */
  resolve?: typeof lookup;
}

/** Bytes. So much of an answer's body is taken, and thrown away, so that a short one does not meet a closed connection. */
const mostOfBody = 16_384;

class NotAllowed extends Error {
  readonly code = "ADDRESS_NOT_ALLOWED";
}

/** No connection is kept: each is made to an address that was looked at for this very request. */
export class HttpsPoster implements Poster {
  private readonly options: PosterOptions;

  constructor(options: PosterOptions) {
    this.options = options;
  }

  post(destination: Destination, { headers, body }: Post): Promise<PostAnswer> {
    const { timeoutMs, ca, now, resolve: resolveName = lookup } = this.options;
    const request = destination.url.protocol === "https:" ? requestHttps : requestHttp;
    return new Promise((resolve) => {
      const outgoing = request(destination.url, {
        method: "POST",
        headers: { ...headers, "content-length": Buffer.byteLength(body) },
        agent: false,
        lookup: guardedLookup(destination, resolveName),
        signal: AbortSignal.timeout(timeoutMs),
        // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
        rejectUnauthorized: true,
        ...(ca && { ca }),
      });
      outgoing.once("response", (answer) => {
        const { statusCode: status = 0, headers } = answer;
        const retryAfterMs = retryAfterIn(headers["retry-after"], now());
        resolve({ kind: "answered", status, ...(retryAfterMs !== undefined && { retryAfterMs }) });
        discard(answer);
      });
      outgoing.on("error", (error) => resolve({ kind: "unanswered", why: reasonOf(error) }));
      // The last word, of whatever else may come over a connection: an upgrade, for one, is neither answer nor error.
      outgoing.once("close", () => resolve({ kind: "unanswered", why: "no answer (closed)" }));
      outgoing.end(body);
    });
  }
}

/** What it gives is what the socket connects to, so between the look at an address and its use a name cannot change. */
export function guardedLookup(destination: Destination, resolve: typeof lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, "");
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => mayConnectTo(address, destination)))
        return callback(new NotAllowed(), "");
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

function discard(answer: IncomingMessage): void {
  let taken = 0;
  answer.on("data", (chunk: Buffer) => {
    taken += chunk.length;
    if (taken > mostOfBody) answer.destroy();
  });
  // The status is known, and how the rest of it ends is of no interest.
  answer.on("error", () => {});
}

const reasons: Record<string, string> = {
  ADDRESS_NOT_ALLOWED: "its host has an address that is not allowed",
  ABORT_ERR: "no answer in time",
};

/** By its code only: a message of Node's may quote what the other side has sent. */
function reasonOf(error: NodeJS.ErrnoException): string {
  const code = error.code ?? error.name;
  return reasons[code] ?? `no answer (${code})`;
}

/** Seconds, or a date. */
function retryAfterIn(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
