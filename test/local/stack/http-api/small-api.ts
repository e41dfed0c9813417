import type { Template } from "../../../../local/stack/cloudformation.ts";
import { type Stack, type StackOptions, startStack } from "../../../../local/stack/stack.ts";
import { aDirectory, aFunction, aService, removeDirectories } from "../small-service.ts";

type Resources = Template["Resources"];

interface ApiParts {
  /** Of the route, by route key. */
  routes: Record<string, object>;
  api?: object;
  stage?: object;
  others?: Resources;
}

const ApiId = { Ref: "HttpApi" };

/** What osls makes of `httpApi` events of the function `answer`. */
export function anApi({ routes, api, stage, others }: ApiParts): Resources {
  const resources: Resources = {
    HttpApi: {
      Type: "AWS::ApiGatewayV2::Api",
      Properties: { Name: "local-small", ProtocolType: "HTTP", ...api },
    },
    HttpApiStage: {
      Type: "AWS::ApiGatewayV2::Stage",
      Properties: {
        ApiId,
        StageName: "$default",
        AutoDeploy: true,
        ...stage,
      },
    },
    HttpApiIntegrationAnswer: {
      Type: "AWS::ApiGatewayV2::Integration",
      Properties: {
        ApiId,
        IntegrationType: "AWS_PROXY",
        IntegrationUri: { "Fn::GetAtt": ["Answer", "Arn"] },
        PayloadFormatVersion: "2.0",
        TimeoutInMillis: 30_000,
      },
    },
    Answer: aFunction("answer", { Timeout: 10 }),
    ...others,
  };
  for (const [index, [RouteKey, properties]] of Object.entries(routes).entries()) {
    const Target = { "Fn::Join": ["/", ["integrations", { Ref: "HttpApiIntegrationAnswer" }]] };
    resources[`HttpApiRoute${index}`] = {
      Type: "AWS::ApiGatewayV2::Route",
      Properties: { ApiId, RouteKey, Target, ...properties },
    };
  }
  return resources;
}

/** Answers with the event, or as the request's header `x-answer` says. */
const obedient = `
export const handler = async (event) => {
  if (event.headers["x-answer"] === undefined) return event;
  const answer = JSON.parse(decodeURIComponent(event.headers["x-answer"]));
  if (answer.throws) throw new Error(answer.throws);
  if (answer.exits) process.exit(1);
  if (answer.sleeps) await new Promise((resolve) => setTimeout(resolve, answer.sleeps));
  return answer.tells ? process.env[answer.tells] : answer.returns;
};
`;

export interface RunningApi {
  stack: Stack;
  url: string;
  warnings: string[];
}

interface Wanted {
  returns?: unknown;
  throws?: string;
  exits?: boolean;
  /** Milliseconds. */
  sleeps?: number;
  /** The name of a variable of its environment. */
  tells?: string;
}

/** Headers that have the function answer so. */
export const answering = (wanted: Wanted): { "x-answer": string } => ({
  "x-answer": encodeURIComponent(JSON.stringify(wanted)),
});

export async function startApi(parts: ApiParts, options: Partial<StackOptions> = {}): Promise<RunningApi> {
  const warnings: string[] = [];
  const service = aService(anApi(parts), { answer: obedient });
  service.template.Outputs = {
    HttpApiId: { Value: ApiId },
    HttpApiUrl: {
      Value: {
        "Fn::Join": [
          "",
          ["https://", ApiId, ".execute-api.", { Ref: "AWS::Region" }, ".", { Ref: "AWS::URLSuffix" }],
        ],
      },
    },
  };
  const stack = await startStack({
    service,
    dir: aDirectory(),
    warn: (text) => void warnings.push(text),
    ...options,
  });
  if (stack.apiUrl === undefined) throw new Error("the stack has no HTTP API");
  return { stack, url: stack.apiUrl, warnings };
}

export async function stopApi({ stack }: RunningApi): Promise<void> {
  await stack.stop();
  removeDirectories();
}
