import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { closingIfUnread, readBody, startServer, type WireServer } from "../wire-server.ts";
import { operations } from "./operations.ts";
import type { ParameterFile } from "./parameter-file.ts";
import { SsmError, validation } from "./ssm-error.ts";

/** Bytes. */
const mostOfBody = 65_536;
const contentType = "application/x-amz-json-1.1";

/** Parameters of Systems Manager, over its wire protocol (JSON 1.1). Signatures are not looked at. */
export function startParameterServer(
  port: number,
  file: ParameterFile,
  warn: (message: string) => void,
): Promise<WireServer> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      send(response, 200, {}, await resultOf(request, file));
    } catch (error) {
      if (!(error instanceof SsmError)) throw error;
      const { type, message, status } = error;
      send(response, status, { "x-amzn-errortype": type }, { __type: type, message });
    }
  };
  const refusal = () => {
    const body = JSON.stringify({ __type: "SerializationException", message: "This is not HTTP." });
    return { headers: { "content-type": contentType, "x-amzn-requestid": randomUUID() }, body };
  };
  return startServer(port, { answer, refusal, warn });
}

async function resultOf(request: IncomingMessage, file: ParameterFile): Promise<object> {
  const body = await readBody(request, mostOfBody);
  if (body === undefined) throw validation(`The request has more than ${mostOfBody} bytes.`);
  const [service, name = ""] = String(request.headers["x-amz-target"] ?? "").split(".");
  const operation = service === "AmazonSSM" ? operations.get(name) : undefined;
  if (!operation) throw new SsmError("UnknownOperationException");
  const input = parsed(body);
  try {
    return operation(input, file);
  } catch (error) {
    if (error instanceof SsmError) throw error;
    // The file says something that cannot be understood: whoever edited it should read it here.
    throw new SsmError("InternalServerError", error instanceof Error ? error.message : String(error), 500);
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new SsmError("SerializationException", "The body is not JSON.");
  }
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    "content-type": contentType,
    "content-length": Buffer.byteLength(text),
    "x-amzn-requestid": randomUUID(),
    ...closingIfUnread(response.req),
  });
  response.end(text);
}
