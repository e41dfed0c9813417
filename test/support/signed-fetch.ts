import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";

interface Signer {
  credentials?: { accessKeyId: string; secretAccessKey: string };
  region?: string;
  service?: string;
  at?: Date;
}

interface Init {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

type Secret = ConstructorParameters<ConstructorParameters<typeof SignatureV4>[0]["sha256"]>[0];

class Sha256 {
  private readonly hash;

  constructor(secret?: Secret) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(data: Uint8Array): void {
    this.hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }

  reset(): void {}
}

function bytesOf(data: NonNullable<Secret>): Buffer {
  if (typeof data === "string") return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}

/** The headers of a request with AWS Signature Version 4 among them, for API Gateway unless told otherwise. */
export async function signedHeaders(
  url: string,
  { method = "GET", headers = {}, body }: Init = {},
  {
    credentials = { accessKeyId: "test", secretAccessKey: "test" },
    region = "us-east-1",
    service,
    at,
  }: Signer = {},
): Promise<Record<string, string>> {
  const signer = new SignatureV4({ service: service ?? "execute-api", region, credentials, sha256: Sha256 });
  const { protocol, hostname, port, host, pathname, searchParams } = new URL(url);
  const query: Record<string, string[]> = {};
  for (const name of searchParams.keys()) query[name] = searchParams.getAll(name);
  const request = {
    method,
    protocol,
    hostname,
    port: Number(port),
    path: pathname,
    query,
    headers: { ...headers, host },
    body,
  };
  const signed = await signer.sign(request, at && { signingDate: at });
  const { host: _, ...own } = signed.headers;
  return own;
}

/** fetch with a signature for API Gateway, as an IAM caller sends it. */
export async function signedFetch(url: string, init: Init = {}, signer: Signer = {}): Promise<Response> {
  return fetch(url, { ...init, headers: await signedHeaders(url, init, signer) });
}
