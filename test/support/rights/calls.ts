import type { IncomingHttpHeaders } from "node:http";
import { routeOf } from "../../../local/connect-simulator/wire/routes.ts";
import { accountId, credentials, region } from "../../../local/stack/emulators.ts";

export interface Asked {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A request, as IAM sees it: one for each resource that it touches. */
export interface Call {
  functionName: string;
  /** Such as `dynamodb:PutItem`. */
  action: string;
  resource: string;
}

type Touched = Pick<Call, "action" | "resource">[];

/** Of a request of a function's own; nothing of one that is made with the rights of a session, which are not the function's. */
export function callsIn(asked: Asked): Call[] {
  const { authorization = "", "user-agent": agent = "", "x-amz-user-agent": other = "" } = asked.headers;
  if (!authorization.includes(`Credential=${credentials.accessKeyId}/`)) return [];
  // Powertools adds its own to what it finds.
  const functionName = /\bapp\/(\S+?)(?=-PT-|\s|$)/.exec(`${agent} ${other}`)?.[1];
  if (functionName === undefined) throw new Error(`Nobody knows who asks for ${asked.method} ${asked.url}`);
  return touchedBy(asked, authorization).map((touched) => ({ functionName, ...touched }));
}

function touchedBy(asked: Asked, authorization: string): Touched {
  // AWS4-HMAC-SHA256 Credential=key/day/region/service/aws4_request, …
  const service = authorization.split("/")[3] ?? "";
  const touched = services[service];
  if (!touched) throw new Error(`There is no telling what a request to ${service} touches`);
  return touched(asked);
}

const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${accountId}:${rest}`;
const operationIn = ({ headers }: Asked) => String(headers["x-amz-target"]).split(".").at(-1) ?? "";
const membersOf = (text: string) => JSON.parse(text === "" ? "{}" : text) as Record<string, unknown>;
/** SQS and SNS have one right for an operation and for its batches. */
const single = (operation: string) => operation.replace(/Batch$/, "");

const services: Record<string, (asked: Asked) => Touched> = {
  dynamodb: (asked) => {
    const { TableName, IndexName, RequestItems } = membersOf(asked.body);
    const tables = TableName === undefined ? Object.keys(Object(RequestItems)) : [String(TableName)];
    const index = IndexName === undefined ? "" : `/index/${IndexName}`;
    return tables.map((table) => ({
      action: `dynamodb:${operationIn(asked)}`,
      resource: arn("dynamodb", `table/${table}${index}`),
    }));
  },
  sqs: (asked) => {
    const queue = String(membersOf(asked.body)["QueueUrl"]).split("/").at(-1);
    return [{ action: `sqs:${single(operationIn(asked))}`, resource: arn("sqs", String(queue)) }];
  },
  sns: ({ body }) => {
    const form = new URLSearchParams(body);
    return [{ action: `sns:${single(String(form.get("Action")))}`, resource: String(form.get("TopicArn")) }];
  },
  sts: ({ body }) => {
    const form = new URLSearchParams(body);
    return [{ action: `sts:${form.get("Action")}`, resource: String(form.get("RoleArn")) }];
  },
  ssm: (asked) => {
    const name = String(membersOf(asked.body)["Name"]).replace(/^\//, "");
    return [{ action: `ssm:${operationIn(asked)}`, resource: arn("ssm", `parameter/${name}`) }];
  },
  s3: ({ method, url }) => {
    const { pathname } = new URL(url, "http://s3");
    if (method !== "PUT") throw new Error(`There is no telling what ${method} asks of S3`);
    return [{ action: "s3:PutObject", resource: `arn:aws:s3:::${decodeURIComponent(pathname.slice(1))}` }];
  },
  connect: ({ method, url, body }) => {
    const [path = ""] = url.split("?");
    const route = routeOf(method, path);
    if (!route) throw new Error(`Connect has no ${method} ${path}`);
    const members = { ...membersOf(body), ...route.labels };
    const action = `connect:${route.operation.name}`;
    return objectsOf(action, members).map((object) => ({ action, resource: arn("connect", object) }));
  },
};

/** By the member that names it: what an operation of Connect touches inside of its instance. */
const objects = {
  ContactId: "contact",
  InitialContactId: "contact",
  UserId: "agent",
  HierarchyGroupId: "agent-group",
  RoutingProfileId: "routing-profile",
};

/** Connect authorises operations on the instance, on the object, or on both: a role has to have both. */
function objectsOf(action: string, members: Record<string, unknown>): string[] {
  const { InstanceId, ResourceArn, Filters } = members;
  const instance = `instance/${InstanceId ?? /instance\/([^/]+)/.exec(String(ResourceArn))?.[1]}`;
  const named = Object.entries(objects).flatMap(([member, type]) =>
    typeof members[member] === "string" ? [`${instance}/${type}/${members[member]}`] : [],
  );
  const made = action === "connect:StartOutboundVoiceContact" ? [`${instance}/contact/new`] : [];
  const queues = Filters === undefined || action === "connect:SearchUsers" ? [] : [`${instance}/queue/any`];
  return [instance, ...named, ...made, ...queues];
}
