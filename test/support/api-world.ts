import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { answerApi, routes } from "../../lib/api/routes.ts";
import type { ApiSteps } from "../../lib/api/steps.ts";
import type { FirstRecord } from "../../lib/contacts/contacts.ts";
import { onHttp } from "../../lib/edge/http.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { ContactsInMemory } from "./contacts-in-memory.ts";
import { IntakeInMemory } from "./intake-in-memory.ts";
import { RecordReaderInMemory } from "./record-reader-in-memory.ts";

export interface Asked {
  /** Sent as JSON, or as it is where it is text or bytes. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  /** Undefined where nothing was sent. */
  body: unknown;
  /** The route that has answered. */
  routeKey: string;
}

export const context = { getRemainingTimeInMillis: () => 29_000 } as Context;

/** The routes of the HTTP API behind the very shell of the function, with everything around them in memory. */
export class ApiWorld {
  readonly time = Date.parse("2026-11-24T12:00:00Z");
  readonly contacts = new ContactsInMemory();
  readonly intake: IntakeInMemory;
  private readonly steps: ApiSteps;
  private ids = 0;

  constructor({
    intake = new IntakeInMemory(),
    records,
  }: { intake?: IntakeInMemory; records?: ApiSteps["records"] } = {}) {
    logger.setLogLevel("SILENT");
    this.intake = intake;
    this.steps = {
      intake,
      records: records ?? new RecordReaderInMemory(this.contacts),
      defaults: { contactFlowId: "flow", queueId: "queue" },
      now: () => this.time,
      newId: () => {
        this.ids += 1;
        return `id-${this.ids}`;
      },
    };
  }

  /** @param target path and query string */
  async ask(method: string, target: string, asked: Asked = {}): Promise<Answer> {
    const event = eventOf(method, target, asked, Object.keys(routes));
    const {
      statusCode = 0,
      headers = {},
      body,
    } = await onHttp((request) => answerApi(request, this.steps))(event, context);
    metrics.clearMetrics();
    return {
      status: statusCode,
      headers,
      body: body === undefined ? undefined : JSON.parse(body),
      routeKey: event.routeKey,
    };
  }

  post = (target: string, body?: unknown, headers?: Record<string, string>) =>
    this.ask("POST", target, { body, ...(headers && { headers }) });
  patch = (target: string, body?: unknown, headers?: Record<string, string>) =>
    this.ask("PATCH", target, { body, ...(headers && { headers }) });
  get = (target: string, headers: Record<string, string> = {}) => this.ask("GET", target, { headers });

  /** What the queues hold, in the order in which it came. */
  queued(): unknown[] {
    return this.intake.messages.map(({ body }) => JSON.parse(body));
  }

  async record(requestId: string, fields: Partial<FirstRecord> = {}): Promise<void> {
    const request = JSON.stringify({ requestId, destination: "+12065550100" });
    const first = { requestId, requestHash: "hash", request, state: "deferred", attempt: 1, ttl: 1 } as const;
    await this.contacts.add({ ...first, ...fields }, this.time);
  }
}

/** As API Gateway hands it to a function that has these routes. */
export function eventOf(
  method: string,
  target: string,
  { body, headers = {} }: Asked,
  routeKeys: string[],
): APIGatewayProxyEventV2 {
  const [pathname = "", search] = target.split("?", 2);
  const searchParams = new URLSearchParams(search);
  const { routeKey, pathParameters } = routed(method, pathname, routeKeys);
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  const bytes = Buffer.from(isRaw ? body : (JSON.stringify(body) ?? ""));
  const json = bytes.length > 0 && { "Content-Type": "application/json" };
  return {
    version: "2.0",
    routeKey,
    rawPath: pathname,
    rawQueryString: searchParams.toString(),
    headers: { ...json, ...headers },
    queryStringParameters: Object.fromEntries(searchParams),
    pathParameters,
    requestContext: { requestId: "request-1" } as APIGatewayProxyEventV2["requestContext"],
    body: bytes.toString("base64"),
    isBase64Encoded: true,
  };
}

/** As API Gateway finds a route: each parameter is one segment of the path, decoded. */
function routed(method: string, path: string, routeKeys: string[]) {
  for (const routeKey of routeKeys) {
    const names = [...routeKey.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name));
    const match = new RegExp(`^${routeKey.replace(/\{\w+\}/g, "([^/]+)")}$`).exec(`${method} ${path}`);
    if (!match) continue;
    const values = names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? "")]);
    return { routeKey, pathParameters: Object.fromEntries(values) };
  }
  throw new Error(`there is no route ${method} ${path}`);
}
