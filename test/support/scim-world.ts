import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { onHttp } from "../../lib/edge/http.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import type { UserCommand } from "../../lib/roster/user-command.ts";
import { failedAnswer } from "../../lib/scim/answer.ts";
import type { CommandRules } from "../../lib/scim/command.ts";
import { answerScim, routes } from "../../lib/scim/routes.ts";
import { coreUrn } from "../../lib/scim/schema.ts";
import type { ScimUsers } from "../../lib/scim/scim-users.ts";
import { sendUnsent } from "../../lib/scim/send-unsent.ts";
import type { ScimSteps } from "../../lib/scim/steps.ts";
import { router } from "../../local/stack/http-api/routes.ts";
import { ScimUsersInMemory } from "./scim-users-in-memory.ts";

export const patchUrn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
export const errorUrn = "urn:ietf:params:scim:api:messages:2.0:Error";
export const listUrn = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

export const rules: CommandRules = {
  defaults: {
    routingProfile: "Basic Routing Profile",
    securityProfiles: ["Agent"],
    hierarchy: undefined,
    phoneType: "SOFT_PHONE",
    autoAccept: false,
    afterContactWorkSeconds: 0,
  },
  onDelete: "deactivate",
  canDeactivate: true,
};

export const anAccount = (userName: string, fields: object = {}) => ({
  schemas: [coreUrn],
  userName,
  name: { givenName: "Ana", familyName: "Ruiz" },
  emails: [{ primary: true, value: `${userName}@example.com`, type: "work" }],
  active: true,
  ...fields,
});

export interface ScimAnswer {
  status: number;
  headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: what an identity provider reads of it has no type either.
  body: any;
}

/** The queue: of several commands of one id it takes the first. */
export class CommandsInMemory {
  readonly all: UserCommand[] = [];
  /** The queue cannot be reached. */
  failing = false;

  async send(command: UserCommand): Promise<void> {
    if (this.failing) throw new Error("the queue cannot be reached");
    if (!this.all.some(({ commandId }) => commandId === command.commandId)) this.all.push(command);
  }
}

/** The routes of SCIM behind the very shell of the function, with everything around them in memory. */
export class ScimWorld {
  time = Date.parse("2026-11-24T12:00:00Z");
  readonly users = new ScimUsersInMemory();
  readonly commands = new CommandsInMemory();
  /** Why commands were not sent, in so far as it was told. */
  readonly unsent: unknown[] = [];
  tokens = { valid: ["the-valid-token-of-ours"], validNow: ["the-valid-token-of-ours"] };
  readonly steps: ScimSteps;
  private generations = 0;
  private readonly match = router(Object.keys(routes).map((routeKey) => ({ routeKey })));

  constructor(steps: Partial<ScimSteps> = {}) {
    logger.setLogLevel("SILENT");
    this.steps = {
      users: this.users,
      commands: this.commands,
      rules,
      now: () => this.time,
      unsent: (error) => void this.unsent.push(error),
      newGeneration: () => {
        this.generations += 1;
        return this.generations.toString(16).padStart(16, "0");
      },
      tokens: { valid: async () => this.tokens.valid, validNow: async () => this.tokens.validNow },
      ...steps,
    };
  }

  /** @param target behind /scim/v2, with its query string */
  async ask(
    method: string,
    target: string,
    body?: unknown,
    { headers = {}, steps = this.steps }: { headers?: Record<string, string>; steps?: ScimSteps } = {},
  ): Promise<ScimAnswer> {
    const event = this.eventOf(method, target, body, headers);
    const answer = await onHttp((request) => answerScim(request, steps), failedAnswer)(event, {} as Context);
    metrics.clearMetrics();
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers ?? {},
      body: answer.body === undefined ? undefined : JSON.parse(answer.body),
    };
  }

  /** @returns the id */
  async created(userName: string, fields: object = {}): Promise<string> {
    const { status, body } = await this.ask("POST", "/Users", anAccount(userName, fields));
    if (status !== 201) throw new Error(`not created: ${JSON.stringify(body)}`);
    return body.id;
  }

  patch = (id: string, ...Operations: object[]): Promise<ScimAnswer> =>
    this.ask("PATCH", `/Users/${id}`, { schemas: [patchUrn], Operations });

  sweep = () => sendUnsent(this.steps, this.time + 30_000);

  private eventOf(
    method: string,
    target: string,
    body: unknown,
    headers: Record<string, string>,
  ): APIGatewayProxyEventV2 {
    const url = new URL(`https://host/scim/v2${target}`);
    const { route, pathParameters = {} } = this.match(method, decodeURIComponent(url.pathname)) ?? {};
    if (!route) throw new Error(`there is no route ${method} ${target}`);
    const isRaw = typeof body === "string" || body instanceof Uint8Array;
    const bytes = Buffer.from(isRaw ? body : (JSON.stringify(body) ?? ""));
    return {
      version: "2.0",
      routeKey: route.routeKey,
      rawPath: url.pathname,
      rawQueryString: url.search.slice(1),
      headers: {
        host: "api.example.com",
        authorization: "Bearer the-valid-token-of-ours",
        ...(bytes.length > 0 && { "content-type": "application/scim+json; charset=utf-8" }),
        ...headers,
      },
      queryStringParameters: Object.fromEntries(url.searchParams),
      pathParameters,
      requestContext: { requestId: "request-1" } as APIGatewayProxyEventV2["requestContext"],
      body: bytes.toString("base64"),
      isBase64Encoded: true,
    };
  }
}

export const failingUsers = (): ScimUsers =>
  new Proxy(new ScimUsersInMemory(), {
    get: () => async () => {
      throw new Error("the table cannot be reached");
    },
  });
