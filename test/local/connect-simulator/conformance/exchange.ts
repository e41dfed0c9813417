import { Readable } from "node:stream";
import { Connect, ConnectServiceException } from "@aws-sdk/client-connect";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { onTestFinished } from "vitest";
import type { RequestView } from "../../../../local/connect-simulator/simulator.ts";
import type { OperationName } from "../../../../local/connect-simulator/wire/operation-names.ts";
import { type Shape, shapeOf } from "./model.ts";
import { parsed } from "./requests.ts";
import type { Input } from "./sample.ts";

export type Key = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** What a request is, before it is signed. */
export type Signable = { path: string; body?: unknown };

type Where = { url: string; key?: Key | undefined; spoil?: ((request: Signable) => void) | undefined };

/** Keeps the bytes of the last reply, which it hands on to the deserialiser all the same. */
class RecordingHandler extends NodeHttpHandler {
  text = "";

  override async handle(...given: Parameters<NodeHttpHandler["handle"]>) {
    const answer = await super.handle(...given);
    const chunks: Buffer[] = [];
    for await (const chunk of answer.response.body as Readable) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    this.text = bytes.toString("utf8");
    answer.response.body = Readable.from(bytes.length === 0 ? [] : [bytes]);
    return answer;
  }
}

export type Reply = {
  /** As the SDK's deserialiser has it, without `$metadata`. */
  output: Input;
  /** The body as it came; undefined when there was none. */
  body: unknown;
};

export type RecordingClient = {
  sdk: Connect;
  /** By the SDK's own method for the operation. Rejects with the SDK's own exceptions. */
  send(operation: OperationName, input: Input): Promise<Reply>;
  /** The body of the last reply. */
  lastBody(): unknown;
};

/** The real SDK client, ended with the test. It signs, serialises and deserialises; nothing is tried twice. */
export function recordingClient({ url, key, spoil }: Where): RecordingClient {
  const requestHandler = new RecordingHandler();
  const sdk = new Connect({
    endpoint: url,
    region: "us-east-1",
    credentials: key ?? { accessKeyId: "x", secretAccessKey: "x" },
    maxAttempts: 1,
    requestHandler,
  });
  onTestFinished(() => sdk.destroy());
  if (spoil !== undefined) {
    // Behind the serialiser, before everything that measures or signs.
    sdk.middlewareStack.add(
      (next) => (given) => {
        spoil((given as { request: Signable }).request);
        return next(given);
      },
      { step: "serialize", priority: "low", name: "spoil" },
    );
  }
  const lastBody = () => (requestHandler.text === "" ? undefined : parsed(requestHandler.text));
  return {
    sdk,
    lastBody,
    async send(operation, input) {
      const method: unknown = Reflect.get(sdk, operation.charAt(0).toLowerCase() + operation.slice(1));
      if (typeof method !== "function") throw new Error(`the SDK has no ${operation}`);
      const { $metadata: _, ...output } = (await Reflect.apply(method, sdk, [input])) as Input;
      return { output, body: lastBody() };
    },
  };
}

/** How it is refused, by the SDK's exception. */
export async function refusalBy(sent: Promise<unknown>): Promise<ConnectServiceException> {
  try {
    await sent;
  } catch (error) {
    if (error instanceof ConnectServiceException) return error;
    throw error;
  }
  throw new Error("it is not refused");
}

/** The body of a reply as the SDK should show it: the same, with dates for epoch seconds. */
export function asTheSdkShows(body: unknown, shapeName: string | undefined): unknown {
  if (shapeName === undefined || body === undefined) return {};
  const shape: Shape = shapeOf(shapeName);
  switch (shape.type) {
    case "timestamp":
      return new Date(Number(body) * 1000);
    case "list":
      return (body as unknown[]).map((item) => asTheSdkShows(item, shape.member.shape));
    case "map":
      return mapped(body as Input, () => shape.value.shape);
    case "structure":
      return mapped(body as Input, (name) => shape.members[name]?.shape);
    default:
      return body;
  }
}

const mapped = (object: Input, shapeOfMember: (name: string) => string | undefined): Input =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, asTheSdkShows(value, shapeOfMember(name))]),
  );

/** The last request, from the control API. */
export async function lastRequest(url: string): Promise<RequestView> {
  const requests = (await (await fetch(`${url}/_sim/requests`)).json()) as RequestView[];
  const last = requests.at(-1);
  if (last === undefined) throw new Error("there was no request");
  return last;
}

/** The next request of the operation is refused in this way, by the control API. */
export async function askForFault(
  url: string,
  operation: OperationName,
  refusal: { error: string; status: number },
) {
  const fault = { operation, kind: "refuse", ...refusal };
  const response = await fetch(`${url}/_sim/faults`, { method: "POST", body: JSON.stringify(fault) });
  if (response.status !== 200) throw new Error(await response.text());
}
