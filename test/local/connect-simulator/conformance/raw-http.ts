import type { Random } from "./random.ts";

export type Lines = { first: string; headers: string[]; body: string | Buffer };
/** One way to break HTTP. */
export type Trick = {
  name: string;
  mayClose?: boolean;
  /** Sends no more, and says so: what is missing will not come. */
  halfClose?: boolean;
  bytes(lines: Lines, random: Random): Buffer;
};

export const assembled = ({ first, headers, body }: Lines): Buffer =>
  Buffer.concat([Buffer.from(`${[first, ...headers].join("\r\n")}\r\n\r\n`, "latin1"), Buffer.from(body)]);

const lengthOf = (body: string | Buffer): string => `content-length: ${Buffer.byteLength(body)}`;

/** The whole request, with headers besides its own. */
export const withHeaders = (lines: Lines, ...more: string[]): Buffer =>
  assembled({ ...lines, headers: [...lines.headers, ...more, lengthOf(lines.body)] });

export const withFirst = (lines: Lines, change: (first: string) => string): Buffer =>
  withHeaders({ ...lines, first: change(lines.first) });

export const chunked = (lines: Lines, body: string, ...more: string[]): Buffer =>
  assembled({ ...lines, headers: [...lines.headers, "transfer-encoding: chunked", ...more], body });

/** Of ASCII, as all violations are. */
export function inChunks(body: string | Buffer, size: number, extension = ""): string {
  const pieces = body.toString().match(new RegExp(`.{1,${size}}`, "gs")) ?? [];
  return pieces.map((piece) => `${piece.length.toString(16)}${extension}\r\n${piece}\r\n`).join("");
}
