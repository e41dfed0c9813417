import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { ConnectClient } from "@aws-sdk/client-connect";
import { STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import { onTestFinished } from "vitest";
import type { SignedRequest } from "../../../../local/connect-simulator/auth/canonical-request.ts";
import { defaultKeys, type KeyRing, keyRing } from "../../../../local/connect-simulator/auth/key-ring.ts";
import {
  type Expected,
  type Verdict,
  verifySignature,
} from "../../../../local/connect-simulator/auth/sigv4.ts";
import { answerSts, isStsRequest, refuseSts } from "../../../../local/connect-simulator/auth/sts.ts";
import { WireError } from "../../../../local/connect-simulator/wire/wire-error.ts";

export const accountId = "111122223333";
export const instanceArn = `arn:aws:connect:us-east-1:${accountId}:instance/5ca1ab1e-0000-4000-8000-000000000001`;
export const roleArn = `arn:aws:iam::${accountId}:role/Callers`;

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
export const testKey: Credentials = { accessKeyId: "test", secretAccessKey: "test" };

export type AuthServer = {
  url: string;
  keys: KeyRing;
  /** What came, in its order. */
  requests: SignedRequest[];
  verdicts: Verdict[];
  /** The server's clock minus the real one, in seconds. */
  clock: { aheadSeconds: number };
  connect(credentials?: Credentials, region?: string): ConnectClient;
  sts(credentials?: Credentials): STSClient;
};

async function received(request: IncomingMessage): Promise<SignedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method = "", url = "", rawHeaders } = request;
  return { method, target: url, rawHeaders, body: Buffer.concat(chunks) };
}

/** A server that checks signatures, answers STS, and has an empty reply for everything else. */
export async function anAuthServer(region?: string): Promise<AuthServer> {
  const clock = { aheadSeconds: 0 };
  const now = () => Date.now() + clock.aheadSeconds * 1000;
  const keys = keyRing({
    keys: [...defaultKeys, { accessKeyId: "AKIAROOT", secretAccessKey: "root secret", root: true }],
    accountId,
    now,
  });
  const requests: SignedRequest[] = [];
  const verdicts: Verdict[] = [];

  const server = createServer(async (incoming, response) => {
    const request = await received(incoming);
    requests.push(request);
    const query = { method: request.method, target: request.target, body: request.body.toString() };
    const isSts = isStsRequest(query);
    const verdict = verifySignature(request, keys.find, {
      service: isSts ? "sts" : "connect",
      ...(region !== undefined && { region }),
      now: now(),
    });
    verdicts.push(verdict);
    if (isSts) {
      const answer =
        verdict.kind === "accepted" ? answerSts(query, verdict.caller, keys) : refuseSts(verdict.error);
      response.writeHead(answer.status, {
        "content-type": "text/xml",
        "x-amzn-requestid": answer.requestId,
      });
      response.end(answer.body);
    } else if (verdict.kind === "accepted") {
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    } else {
      const { status, type, message } = verdict.error;
      response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": type });
      response.end(JSON.stringify({ __type: type, Message: message }));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });

  const optionsOf = (credentials: Credentials, clientRegion = "us-east-1") => ({
    endpoint: url,
    region: clientRegion,
    credentials,
    maxAttempts: 1,
  });
  return {
    url,
    keys,
    requests,
    verdicts,
    clock,
    connect: (credentials = testKey, clientRegion) => new ConnectClient(optionsOf(credentials, clientRegion)),
    sts: (credentials = testKey) => new STSClient(optionsOf(credentials)),
  };
}

/** The request that the SDK sent for a command. */
export async function sentBy(server: AuthServer, send: () => Promise<unknown>): Promise<SignedRequest> {
  await send();
  const request = server.requests.at(-1);
  if (request === undefined) throw new Error("nothing came");
  return request;
}

export function headersWith(
  request: SignedRequest,
  name: string,
  change: (value: string) => string,
): SignedRequest {
  const rawHeaders = request.rawHeaders.map((text, index) =>
    index % 2 === 1 && request.rawHeaders[index - 1]?.toLowerCase() === name ? change(text) : text,
  );
  if (rawHeaders.join() === request.rawHeaders.join()) throw new Error(`${name} did not change`);
  return { ...request, rawHeaders };
}

/** `accepted ARN`, or `NAME STATUS: message`. */
export function outcome(
  request: SignedRequest,
  keys: KeyRing,
  { service = "connect", now = Date.now(), ...rest }: Partial<Expected> = {},
): string {
  const verdict = verifySignature(request, keys.find, { service, now, ...rest });
  if (verdict.kind === "accepted") return `accepted ${verdict.caller.arn}`;
  if (!(verdict.error instanceof WireError)) throw new Error("not a WireError");
  return `${verdict.error.type} ${verdict.error.status}: ${verdict.error.message}`;
}

type Presigned = {
  target: string;
  query?: Record<string, string | string[]>;
  headers?: Record<string, string>;
  service?: "connect" | "sts";
  expiresIn?: number;
  credentials?: Credentials;
};

/** A GET presigned by the SDK's own signer. */
export async function presigned(options: Presigned): Promise<SignedRequest> {
  const { target, query = {}, headers = {}, service = "connect", expiresIn = 60 } = options;
  const signer = new SignatureV4({
    service,
    region: "us-east-1",
    credentials: options.credentials ?? testKey,
    sha256: Sha256,
  });
  const signed = await signer.presign(
    {
      method: "GET",
      protocol: "http:",
      hostname: "localhost",
      path: target,
      query,
      headers: { host: "localhost:4585", ...headers },
    },
    { expiresIn },
  );
  const pairs = Object.entries(signed.query ?? {}).flatMap(([name, value]) =>
    [value ?? ""].flat().map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`),
  );
  return {
    method: "GET",
    target: `${signed.path}?${pairs.join("&")}`,
    rawHeaders: Object.entries(signed.headers).flat(),
    body: "",
  };
}

class Sha256 {
  #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }
  reset(): void {
    throw new Error("not needed");
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === "string") return Buffer.from(data);
  return data instanceof ArrayBuffer
    ? Buffer.from(data)
    : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
