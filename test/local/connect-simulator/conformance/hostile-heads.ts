import { type Trick, withFirst, withHeaders } from "./raw-http.ts";

/** The request line and the headers, and what is no HTTP at all. */
export const brokenHeads: readonly Trick[] = [
  {
    name: "no host",
    bytes: (lines) => withHeaders({ ...lines, headers: lines.headers.slice(1) }),
  },
  { name: "two hosts", bytes: (lines) => withHeaders(lines, "host: other") },
  {
    name: "a bad header",
    bytes: (lines, random) =>
      withHeaders(
        lines,
        random.pick([
          "x: \u0000",
          "x y: 1",
          "x",
          ": 1",
          "x: a\r\n folded",
          "x\u00ff: 1",
          "x: \u0001",
          "\tx: 1",
        ]),
      ),
  },
  {
    name: "too long a head",
    bytes: (lines, random) => withHeaders(lines, `x-long: ${"a".repeat(16_384 + random.below(20_000))}`),
  },
  {
    name: "a great many headers",
    bytes: (lines) => withHeaders(lines, ...Array.from({ length: 2_500 }, (_, at) => `${at.toString(36)}:`)),
  },
  {
    name: "another version",
    bytes: (lines, random) => {
      const version = random.pick([
        "HTTP/9.9",
        "HTTP/2.0",
        "http/1.1",
        "HTTP/1.",
        "HTTP/11.1",
        "XTTP/1.1",
        "RTSP/1.0",
      ]);
      return withFirst(lines, (first) => first.replace("HTTP/1.1", version));
    },
  },
  { name: "HTTP/1.0", bytes: (lines) => withFirst(lines, (first) => first.replace("HTTP/1.1", "HTTP/1.0")) },
  { name: "no version", bytes: (lines) => withFirst(lines, (first) => first.replace(" HTTP/1.1", "")) },
  {
    name: "a target that is none",
    bytes: (lines, random) => {
      const target = random.pick([
        "/a b",
        "/\u0000",
        "/\u00e9\u00ff",
        "",
        "x",
        "//",
        "?",
        "http://",
        "*",
        "[::1]",
        "/\u007f",
      ]);
      return withFirst(lines, (first) => `${first.split(" ")[0]} ${target} HTTP/1.1`);
    },
  },
  {
    name: "a method that is none",
    bytes: (lines, random) => {
      const method = random.pick(["FOO", "get", "G\u0000T", "", "POSTPOST", "P".repeat(5_000), "\u00e9"]);
      return withFirst(lines, (first) => first.replace(/^\w+/, method));
    },
  },
  {
    name: "CONNECT",
    bytes: () => Buffer.from("CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n"),
  },
  { name: "an expectation nobody meets", bytes: (lines) => withHeaders(lines, "expect: 200-ok") },
  {
    name: "an upgrade",
    bytes: (lines) => withHeaders(lines, "connection: upgrade", "upgrade: h2c, websocket"),
  },
  {
    name: "bare line feeds",
    bytes: (lines) => Buffer.from(withHeaders(lines).toString("latin1").replaceAll("\r\n", "\n"), "latin1"),
  },
  {
    name: "no HTTP",
    mayClose: true,
    halfClose: true,
    bytes: (_, random) =>
      random.pick([
        // The beginning of a TLS handshake.
        Buffer.from("1603010200010001fc0303", "hex"),
        Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        Buffer.from("\r\n\r\n\r\n"),
        Buffer.from("\u0000"),
        Buffer.from(Array.from({ length: 1 + random.below(2_000) }, () => random.below(256))),
      ]),
  },
];
