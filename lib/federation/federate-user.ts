import { acceptedIn, type HttpAnswer, type HttpRequest, problem, reached } from "../http/http.ts";
import type { Federation, Pass, SignIn, SignInRefusal } from "./federation.ts";
import { usernameOf } from "./username.ts";

export interface FederationSteps {
  /** Undefined where the deployment has no federation role. */
  federation: Federation | undefined;
  /** The claim of a token that has the name of the Connect user. */
  usernameClaim: string;
  /** Hears what came of each request, and never whose it was. */
  tell(outcome: Outcome["kind"]): void;
}

type Outcome = SignIn | { kind: OwnRefusal };
type OwnRefusal = "off" | "nobody";

/** `GET /federation`: signs the caller in to Amazon Connect, as the user of the caller's own name and as nobody else. */
export async function federateUser(request: HttpRequest, steps: FederationSteps): Promise<HttpAnswer> {
  const outcome = await outcomeOf(request, steps);
  steps.tell(outcome.kind);
  return outcome.kind === "signed-in" ? handedOver(outcome.pass, request) : refusals[outcome.kind];
}

async function outcomeOf(
  { caller }: HttpRequest,
  { federation, usernameClaim }: FederationSteps,
): Promise<Outcome> {
  if (!federation) return { kind: "off" };
  const username = usernameOf(caller, usernameClaim);
  return username === undefined ? { kind: "nobody" } : reached(federation.signIn(username));
}

/** A browser is sent to Connect; a program gets the credentials. */
function handedOver(pass: Pass, request: HttpRequest): HttpAnswer {
  const wanted = acceptedIn(request).find((type) => type === "text/html" || type === "application/json");
  return wanted === "text/html"
    ? { status: 302, headers: { location: pass.signInUrl } }
    : { status: 200, body: pass };
}

const notSetUp = (detail: string) =>
  problem(500, "Federation is not set up", { detail: `${detail} Tell whoever runs this service.` });

const refusals: Record<SignInRefusal | OwnRefusal, HttpAnswer> = {
  off: problem(404, "No federation", {
    detail: "This deployment signs nobody in: ask whoever runs it to name a federation role.",
  }),
  nobody: problem(403, "Nobody to sign in", {
    detail:
      "What you have shown has no name of yours, or one that cannot be signed in: a name has 2 to 64 letters, digits and _+=,.@-. " +
      "Sign in as yourself, or ask whoever runs this service where it looks for the name.",
  }),
  "no-such-user": problem(404, "No such user", {
    detail:
      "Amazon Connect has no user of your name, in which upper and lower case differ: ask an administrator of the instance.",
  }),
  "duplicate-user": problem(409, "Duplicate user", {
    detail:
      "Amazon Connect says that the instance has such a user already: ask an administrator of the instance.",
  }),
  "wrong-instance": notSetUp("The Amazon Connect instance does not sign people in by SAML, or is not there."),
  "role-refused": notSetUp("The service may not act for you."),
  "not-permitted": notSetUp("The service may not ask Amazon Connect to sign you in."),
  busy: problem(503, "Busy", {
    detail: "Too many people are signing in at once: send the same again.",
    headers: { "retry-after": "5" },
  }),
};
