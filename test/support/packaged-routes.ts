import * as v from "valibot";
import { packagedService } from "../../local/stack/packaged-service.ts";

const routeSchema = v.object({
  RouteKey: v.string(),
  AuthorizationType: v.optional(v.string(), "NONE"),
  AuthorizerId: v.optional(v.unknown()),
  AuthorizationScopes: v.optional(v.array(v.string())),
});

export interface PackagedRoute {
  routeKey: string;
  authorization: string;
  scopes?: string[] | undefined;
}

/** The routes of the HTTP API, as they would be deployed. */
export async function packagedRoutes(): Promise<PackagedRoute[]> {
  const { template } = await packagedService(process.cwd(), (line) => void process.stderr.write(`${line}\n`));
  return routesOf(template);
}

export function routesOf({
  Resources,
}: {
  Resources: Record<string, { Type: string; Properties?: unknown }>;
}) {
  return Object.values(Resources)
    .filter(({ Type }) => Type === "AWS::ApiGatewayV2::Route")
    .map(({ Properties }): PackagedRoute => {
      const { RouteKey, AuthorizationType, AuthorizationScopes } = v.parse(routeSchema, Properties);
      return { routeKey: RouteKey, authorization: AuthorizationType, scopes: AuthorizationScopes };
    });
}
