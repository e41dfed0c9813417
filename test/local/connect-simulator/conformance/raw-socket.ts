import { connect } from "node:net";
import type { Reply } from "./requests.ts";

export type Outcome = Reply | { closed: true };

const patience = 20_000;

/** Writes bytes, and reads the first final reply, if one comes before the connection ends. */
export function exchange(port: number, bytes: Buffer, halfClose: boolean): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => {
      if (halfClose) socket.end(bytes);
      else socket.write(bytes);
    });
    const settle = (outcome: Outcome) => {
      socket.destroy();
      resolve(outcome);
    };
    const over = () => settle(replyIn(Buffer.concat(chunks)) ?? { closed: true });
    socket.setTimeout(patience, () => {
      socket.destroy();
      reject(new Error("neither a reply nor an end in time"));
    });
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      const reply = replyIn(Buffer.concat(chunks));
      if (reply !== undefined) settle(reply);
    });
    socket.on("end", over);
    socket.on("error", over);
  });
}

/** Undefined while it is not complete. */
function replyIn(bytes: Buffer): Reply | undefined {
  const text = bytes.toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0);
  const body = bytes.subarray(end + 4);
  if (status >= 100 && status < 200) return replyIn(body);

  const headers = Object.fromEntries(lines.map((line) => headerIn(line)));
  const length = Number(headers["content-length"] ?? 0);
  if (body.length < length) return undefined;
  return { status, headers, text: body.subarray(0, length).toString("utf8") };
}

function headerIn(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
