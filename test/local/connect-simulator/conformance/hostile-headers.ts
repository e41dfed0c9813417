import { nastyText } from "./hostile-values.ts";
import type { Random } from "./random.ts";

type Headers = Record<string, string>;

const signatures: readonly string[] = [
  "garbage",
  "Basic eDp5",
  "Bearer x",
  "AWS4-HMAC-SHA256",
  "AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=",
  `AWS4-HMAC-SHA256 Credential=x/20250101/us-east-1/connect/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`,
  `AWS4-HMAC-SHA256 Credential=${"x/".repeat(500)}, SignedHeaders=${";".repeat(500)}, Signature=zz`,
  "AWS4-ECDSA-P256-SHA256 Credential=x, SignedHeaders=host;host, Signature=-",
  "",
];

const contentTypes: readonly string[] = [
  "text/plain",
  "application/xml",
  "application/x-amz-json-1.1",
  "application/json; charset=utf-16",
  "multipart/form-data; boundary=",
  "application/cbor",
  ";;;",
  "",
];

/** Beside a request that is refused whether signatures are looked at or not. */
export const wrongSignature = (random: Random): Headers => ({
  authorization: random.pick(signatures),
  "x-amz-date": random.pick(["20250101T000000Z", "yesterday", ""]),
  "x-amz-content-sha256": random.pick(["UNSIGNED-PAYLOAD", "0", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"]),
});

export const otherContent = (random: Random): Headers => ({
  "content-type": random.pick(contentTypes),
  "content-encoding": random.pick(["gzip", "br", "identity", "x"]),
  accept: random.pick(["text/html", "*/*;q=0", ""]),
});

export const nastyHeaders = (random: Random): Headers => ({
  "amz-sdk-invocation-id": encodeURIComponent(nastyText(random).slice(0, 1_000).toWellFormed()),
  "amz-sdk-request": "attempt=x; max=\u00ff",
  "x-amz-target": "AmazonConnect.__proto__",
  "x-http-method-override": "DELETE",
});
