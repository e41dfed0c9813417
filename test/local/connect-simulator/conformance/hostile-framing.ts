import { assembled, chunked, inChunks, type Trick, withHeaders } from "./raw-http.ts";

/** Where the body begins and ends. */
export const brokenFraming: readonly Trick[] = [
  {
    name: "a body cut off",
    halfClose: true,
    bytes: (lines, random) => {
      const { headers, body } = lines;
      const length = Buffer.byteLength(body) + 1 + random.below(1_000);
      return assembled({ ...lines, headers: [...headers, `content-length: ${length}`] });
    },
  },
  {
    name: "a head cut off",
    halfClose: true,
    bytes: (lines, random) => {
      const whole = withHeaders(lines);
      return whole.subarray(0, 1 + random.below(whole.indexOf("\r\n\r\n")));
    },
  },
  {
    name: "a content-length that is too short",
    bytes: (lines) =>
      assembled({ ...lines, headers: [...lines.headers, "content-length: 1"], body: `${lines.body}` }),
  },
  {
    name: "a content-length that is none",
    bytes: (lines, random) => {
      const length = random.pick(["abc", "-1", "1e3", "+5", "0x5", "99999999999999999999", "1, 2", "\u00b2"]);
      return assembled({ ...lines, headers: [...lines.headers, `content-length: ${length}`] });
    },
  },
  { name: "two content-lengths", bytes: (lines) => withHeaders(lines, "content-length: 7") },
  { name: "a content-length and chunks", bytes: (lines) => withHeaders(lines, "transfer-encoding: chunked") },
  {
    name: "an unknown transfer-encoding",
    halfClose: true,
    bytes: (lines, random) => {
      const encoding = random.pick([
        "gzip",
        "chunked, gzip",
        "xchunked",
        "chunked, identity",
        "\u000bchunked",
      ]);
      return assembled({ ...lines, headers: [...lines.headers, `transfer-encoding: ${encoding}`] });
    },
  },
  {
    name: "a bad chunk size",
    bytes: (lines, random) =>
      chunked(
        lines,
        `${random.pick(["zz", "-1", "0x5", "F".repeat(17), "", " ", "1_0", "\u0000"])}\r\n{}\r\n0\r\n\r\n`,
      ),
  },
  { name: "a chunk longer than its size", bytes: (lines) => chunked(lines, '1\r\n{"a":1}\r\n0\r\n\r\n') },
  {
    name: "no last chunk",
    halfClose: true,
    bytes: (lines, random) => chunked(lines, inChunks(lines.body, 1 + random.below(40))),
  },
  {
    name: "many small chunks",
    bytes: (lines, random) => chunked(lines, `${inChunks(lines.body, 1 + random.below(40))}0\r\n\r\n`),
  },
  {
    name: "chunks with extensions and trailers",
    bytes: (lines) =>
      chunked(
        lines,
        `${inChunks(lines.body, 9, ';a="b";c')}0\r\nx-late: 1\r\ncontent-length: 5\r\n\r\n`,
        "trailer: x-late",
      ),
  },
];
