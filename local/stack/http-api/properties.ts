import * as v from "valibot";
import { flag, number, text, withoutEffect } from "../property-values.ts";

const throttle = v.strictObject({
  ThrottlingBurstLimit: v.exactOptional(v.pipe(number, v.minValue(0))),
  ThrottlingRateLimit: v.exactOptional(v.pipe(number, v.minValue(0))),
  DetailedMetricsEnabled: withoutEffect,
});

/** What the stack understands of an HTTP API, as `httpApi` events are packaged. */
export const httpApiSchemas = {
  "AWS::ApiGatewayV2::Api": v.strictObject({
    Name: text,
    ProtocolType: v.literal("HTTP", "only HTTP APIs run here"),
    CorsConfiguration: v.exactOptional(
      v.strictObject({
        AllowCredentials: v.optional(flag, false),
        AllowHeaders: v.optional(v.array(text), []),
        AllowMethods: v.optional(v.array(text), []),
        AllowOrigins: v.optional(v.array(text), []),
        ExposeHeaders: v.optional(v.array(text), []),
        MaxAge: v.exactOptional(number),
      }),
    ),
    DisableExecuteApiEndpoint: v.optional(v.literal(false, "there is no other endpoint here")),
    Description: withoutEffect,
    Tags: withoutEffect,
  }),
  "AWS::ApiGatewayV2::Stage": v.strictObject({
    ApiId: text,
    StageName: v.literal("$default", "only the stage $default runs here"),
    DefaultRouteSettings: v.optional(throttle, {}),
    RouteSettings: v.optional(v.record(text, throttle), {}),
    AutoDeploy: withoutEffect,
    AccessLogSettings: withoutEffect,
    Description: withoutEffect,
    Tags: withoutEffect,
  }),
  "AWS::ApiGatewayV2::Route": v.strictObject({
    ApiId: text,
    RouteKey: text,
    Target: v.pipe(text, v.regex(/^integrations\/./)),
    AuthorizationType: v.optional(v.picklist(["NONE", "AWS_IAM", "JWT"]), "NONE"),
    AuthorizerId: v.exactOptional(text),
    AuthorizationScopes: v.optional(v.array(text), []),
    OperationName: withoutEffect,
  }),
  "AWS::ApiGatewayV2::Integration": v.strictObject({
    ApiId: text,
    IntegrationType: v.literal("AWS_PROXY", "only functions are integrated here"),
    IntegrationUri: v.pipe(text, v.regex(/^arn:aws:lambda:/, "only functions are integrated here")),
    PayloadFormatVersion: v.literal("2.0", "only payload format 2.0 is spoken here"),
    TimeoutInMillis: v.optional(number, 30_000),
    Description: withoutEffect,
  }),
  "AWS::ApiGatewayV2::Authorizer": v.strictObject({
    ApiId: text,
    Name: text,
    AuthorizerType: v.literal("JWT", "only JWT authorizers run here"),
    IdentitySource: v.tuple([
      v.pipe(text, v.regex(/^\$request\.(header|querystring)\.[^.]+$/, "a header or a query parameter")),
    ]),
    JwtConfiguration: v.strictObject({
      Audience: v.pipe(v.array(text), v.minLength(1)),
      Issuer: v.pipe(text, v.url()),
    }),
  }),
} as const;
