import type { Properties } from "../properties.ts";
import type { GatewayAnswer } from "./gateway-answer.ts";
import type { GatewayRequest } from "./gateway-request.ts";

type Configuration = NonNullable<Properties<"AWS::ApiGatewayV2::Api">["CorsConfiguration"]>;

/** What an API with a CORS configuration does of itself. Without one it leaves CORS to its functions. */
export interface Cors {
  /** @returns the answer to a preflight request, which goes to no function */
  preflight(request: GatewayRequest): GatewayAnswer | undefined;
  /** In place of whatever the function says of CORS. */
  dress(request: GatewayRequest, answer: GatewayAnswer): GatewayAnswer;
}

export const withoutCors: Cors = { preflight: () => undefined, dress: (_request, answer) => answer };

export function corsOf(configuration: Configuration | undefined): Cors {
  if (configuration === undefined) return withoutCors;
  const { AllowMethods, AllowHeaders, ExposeHeaders, MaxAge } = configuration;
  return {
    preflight: (request) => {
      const { method, headers } = request;
      const isPreflight =
        method === "OPTIONS" && headers["origin"] && headers["access-control-request-method"];
      if (!isPreflight) return undefined;
      const allowed = allowedOrigin(configuration, request);
      const told = allowed && {
        ...allowed,
        ...listed("access-control-allow-methods", AllowMethods),
        ...listed("access-control-allow-headers", AllowHeaders),
        ...(MaxAge !== undefined && { "access-control-max-age": String(MaxAge) }),
      };
      return { status: 204, headers: told ?? {}, body: Buffer.alloc(0) };
    },
    dress: (request, answer) => {
      const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith("access-control-"));
      const allowed = allowedOrigin(configuration, request);
      const told = allowed && { ...allowed, ...listed("access-control-expose-headers", ExposeHeaders) };
      return { ...answer, headers: { ...Object.fromEntries(own), ...told } };
    },
  };
}

function allowedOrigin(
  { AllowOrigins, AllowCredentials }: Configuration,
  { headers: { origin } }: GatewayRequest,
): Record<string, string> | undefined {
  if (origin === undefined) return undefined;
  const any = AllowOrigins.includes("*");
  if (!any && !AllowOrigins.some((allowed) => covers(allowed, origin))) return undefined;
  return {
    "access-control-allow-origin": any && !AllowCredentials ? "*" : origin,
    ...(AllowCredentials && { "access-control-allow-credentials": "true" }),
  };
}

/** `https://*` stands for every origin of that scheme. */
const covers = (allowed: string, origin: string): boolean =>
  allowed.endsWith("://*") ? origin.startsWith(allowed.slice(0, -1)) : allowed === origin;

const listed = (name: string, values: string[]): Record<string, string> =>
  values.length > 0 ? { [name]: values.join(",") } : {};
