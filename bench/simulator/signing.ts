import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";

export interface Unsigned {
  method: "GET" | "POST" | "PUT";
  path: string;
  query?: Record<string, string>;
  body?: object;
}

/** `bytes`: the whole request as it goes over the wire. */
export interface Signed {
  method: string;
  target: string;
  headers: Record<string, string>;
  body: string;
  bytes: Buffer;
}

export type Sign = (request: Unsigned) => Promise<Signed>;

type Secret = string | ArrayBuffer | ArrayBufferView;

class Sha256 {
  readonly #hash: { update(data: string | NodeJS.ArrayBufferView): unknown; digest(): Buffer };

  constructor(secret?: Secret) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", viewOf(secret));
  }
  update(data: Secret): void {
    this.#hash.update(viewOf(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

function viewOf(data: Secret): string | NodeJS.ArrayBufferView {
  return data instanceof ArrayBuffer ? new Uint8Array(data) : (data as string | NodeJS.ArrayBufferView);
}

/** Signs for Connect at a port of this machine. A signature is good for five minutes, and for any number of requests. */
export function signerFor(port: number): Sign {
  const signature = new SignatureV4({
    service: "connect",
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    sha256: Sha256,
  });
  return async ({ method, path, query = {}, body: members }) => {
    const body = members === undefined ? "" : JSON.stringify(members);
    const { headers } = await signature.sign({
      method,
      protocol: "http:",
      hostname: "127.0.0.1",
      port,
      path,
      query,
      headers: {
        host: `127.0.0.1:${port}`,
        ...(members !== undefined && { "content-type": "application/json" }),
        ...(method !== "GET" && { "content-length": String(Buffer.byteLength(body)) }),
      },
      body,
    });
    const search = new URLSearchParams(query).toString();
    const target = search === "" ? path : `${path}?${search}`;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const bytes = Buffer.from([`${method} ${target} HTTP/1.1`, ...lines, "", body].join("\r\n"));
    return { method, target, headers, body, bytes };
  };
}

/** One request outside of what is measured. */
export async function ask(port: number, { method, target, headers, body }: Signed): Promise<unknown> {
  const { host: _, "content-length": __, ...rest } = headers;
  const reply = await fetch(`http://127.0.0.1:${port}${target}`, {
    method,
    headers: rest,
    ...(method !== "GET" && { body }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${target}: ${reply.status} ${text}`);
  return JSON.parse(text);
}
