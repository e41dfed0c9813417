import { answer, problem, problemOrGateway, refusedToCallers, retryAfter } from "./answers.ts";
import { instant, onlyWith } from "./metrics.ts";
import { ref } from "./schemas.ts";

export const federationSchemas = {
  Pass: {
    description: "Whoever holds it is signed in to Amazon Connect.",
    ...onlyWith({
      userId: { type: "string", description: "Amazon Connect's id of the user." },
      signInUrl: { type: "string", description: "Where the user signs in to the instance." },
      credentials: onlyWith({
        accessToken: { type: "string" },
        accessTokenExpiresAt: instant,
        refreshToken: { type: "string" },
        refreshTokenExpiresAt: instant,
      }),
    }),
  },
};

export const federationPaths = {
  "/federation": {
    get: {
      operationId: "federateUser",
      tags: ["Federation"],
      summary: "Sign in to Amazon Connect, as oneself",
      description: "For instances of SAML. The user is the one of the caller's own name.",
      responses: {
        200: answer("A pass, unless text/html is wanted more.", "Pass"),
        302: {
          description: "To Amazon Connect, for whoever would rather have text/html.",
          headers: {
            "x-request-id": ref("headers", "RequestId"),
            location: { description: "signInUrl of the pass.", schema: { type: "string" } },
          },
        },
        ...refusedToCallers(),
        403: problemOrGateway("The caller has no name that can be signed in, or may not ask."),
        404: problem("Amazon Connect has no user of that name, or the deployment has no federation."),
        409: problem("Amazon Connect says that the instance has such a user already."),
        503: problemOrGateway(
          "Too many are signing in, or something cannot be reached: send the same again.",
          retryAfter,
        ),
      },
    },
  },
};
