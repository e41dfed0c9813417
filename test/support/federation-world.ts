import { onHttp } from "../../lib/edge/http.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { federateUser } from "../../lib/federation/federate-user.ts";
import type { SignInRefusal } from "../../lib/federation/federation.ts";
import { type Answer, context, eventOf } from "./api-world.ts";
import { FederationInMemory } from "./federation-in-memory.ts";

const route = "GET /federation";

/** Each refusal, and the status that it is answered with. */
export const federationRefusals: [SignInRefusal, number][] = [
  ["no-such-user", 404],
  ["duplicate-user", 409],
  ["wrong-instance", 500],
  ["role-refused", 500],
  ["not-permitted", 500],
  ["busy", 503],
];

/** What a JWT authorizer tells of a caller. */
export const tokenOf = (claims: Record<string, unknown>) => ({ jwt: { claims, scopes: null } });

interface Asked {
  accept?: string | undefined;
  claim?: string;
  isOff?: boolean;
}

/** The route behind the very shell of the function, with an instance of these users in memory. */
export class FederationWorld {
  readonly federation: FederationInMemory;
  readonly told: string[] = [];

  constructor(users: readonly string[]) {
    logger.setLogLevel("SILENT");
    this.federation = new FederationInMemory(users);
  }

  async ask(
    authorizer: unknown,
    { accept, claim = "preferred_username", isOff = false }: Asked = {},
  ): Promise<Answer> {
    const event = eventOf("GET", "/federation", { headers: accept === undefined ? {} : { accept } }, [route]);
    const steps = {
      federation: isOff ? undefined : this.federation,
      usernameClaim: claim,
      tell: (outcome: string) => void this.told.push(outcome),
    };
    const called = { ...event, requestContext: { ...event.requestContext, authorizer } };
    const answer = await onHttp((request) => federateUser(request, steps))(called, context);
    metrics.clearMetrics();
    const { statusCode: status = 0, headers = {}, body } = answer;
    return { status, headers, body: body === undefined ? undefined : JSON.parse(body), routeKey: route };
  }
}
