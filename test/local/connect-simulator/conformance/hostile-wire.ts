import { brokenFraming } from "./hostile-framing.ts";
import { brokenHeads } from "./hostile-heads.ts";
import type { Random } from "./random.ts";
import type { Lines } from "./raw-http.ts";
import { exchange, type Outcome } from "./raw-socket.ts";
import type { RawRequest } from "./requests.ts";

const tricks = [...brokenFraming, ...brokenHeads];

/** Broken HTTP around a request that is itself wrong: a server that forgives the HTTP refuses the request. */
export type BrokenHttp = {
  name: string;
  /** No request came to be, and so no reply is owed. */
  mayClose: boolean;
  send(port: number): Promise<Outcome>;
};

export function brokenHttp(request: RawRequest, random: Random): BrokenHttp {
  const { name, mayClose = false, halfClose = false, bytes } = random.pick(tricks);
  const { method, target, headers, body = "{}" } = request;
  const lines: Lines = {
    first: `${method} ${target} HTTP/1.1`,
    headers: ["host: connect", ...Object.entries(headers).map(([key, value]) => `${key}: ${value}`)],
    body,
  };
  const written = bytes(lines, random);
  return { name, mayClose, send: (port) => exchange(port, written, halfClose) };
}
