import type { Deployment } from "../cloudformation.ts";
import { all, type Properties } from "../properties.ts";
import type { Authorizer } from "./authorizer.ts";
import { iamAuthorizer } from "./iam-authorizer.ts";
import { issuerKeys, jwtAuthorizer } from "./jwt-authorizer.ts";

interface Route {
  logicalId: string;
  properties: Properties<"AWS::ApiGatewayV2::Route">;
}

/** @returns what decides who may take a route @throws Error naming a route whose authorizer is missing */
export function authorizersOf(deployment: Deployment): (route: Route) => Authorizer {
  const byIam = iamAuthorizer();
  const authorizers = all(deployment, "AWS::ApiGatewayV2::Authorizer").map(({ logicalId, properties }) => {
    const { JwtConfiguration, IdentitySource } = properties;
    const { Issuer: issuer, Audience: audiences } = JwtConfiguration;
    const [identitySource] = IdentitySource;
    return { logicalId, issuer, audiences, identitySource, keys: issuerKeys(issuer) };
  });
  return ({ logicalId, properties: { AuthorizationType, AuthorizerId, AuthorizationScopes } }) => {
    if (AuthorizationType === "NONE") return () => ({ kind: "allowed" });
    if (AuthorizationType === "AWS_IAM") return byIam;
    const authorizer = authorizers.find((one) => one.logicalId === AuthorizerId);
    if (!authorizer) throw new Error(`${logicalId}: there is no authorizer ${AuthorizerId}`);
    return jwtAuthorizer({ ...authorizer, scopes: AuthorizationScopes });
  };
}
