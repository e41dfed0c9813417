import { isDeepStrictEqual } from "node:util";
import { type HttpAnswer, type HttpRequest, mediaTypeOf } from "../http/http.ts";
import { jsonFlaws, readJson } from "../http/json.ts";
import { faultAnswer, scimAnswer, scimMediaType } from "./answer.ts";
import { changeUser, createUser, foundUser, isListed } from "./change-user.ts";
import {
  listedResourceTypes,
  listedSchemas,
  listOf,
  resourceType,
  schema,
  serviceProviderConfig,
} from "./discovery.ts";
import { ScimFault } from "./fault.ts";
import { listUsers } from "./list-users.ts";
import { patched } from "./patch.ts";
import { etagOf, type ScimRecord, userKeyOf } from "./record.ts";
import { locationOf, resourceOf, selectionIn } from "./resource.ts";
import type { ScimSteps } from "./steps.ts";
import { isAuthorized } from "./token.ts";
import { readUser, type ScimUser } from "./user.ts";

/** What was asked, and where the API is, such as https://host/scim/v2. */
type Asked = HttpRequest & { base: string; id: string };
type Answering = (asked: Asked, steps: ScimSteps) => Promise<HttpAnswer> | HttpAnswer;

/** Each route of the function answer-scim, by the key that it has in serverless.yml; `ANY` is for all that is not here. */
export const routes: Record<string, Answering> = {
  "GET /scim/v2/Users": list,
  "POST /scim/v2/Users": create,
  "GET /scim/v2/Users/{id}": show,
  "PUT /scim/v2/Users/{id}": (asked, steps) =>
    change(asked, steps, ({ user }) => withUserNameOf(user, readUser(bodyOf(asked)))),
  "PATCH /scim/v2/Users/{id}": (asked, steps) =>
    change(asked, steps, ({ user }) => ifChanged(user, withUserNameOf(user, patched(user, bodyOf(asked))))),
  "DELETE /scim/v2/Users/{id}": remove,
  // There are none; but authentik and others ask, and give up at a 404.
  "GET /scim/v2/Groups": () => scimAnswer(200, listOf([])),
  "GET /scim/v2/ServiceProviderConfig": ({ base }) => scimAnswer(200, serviceProviderConfig(base)),
  "GET /scim/v2/ResourceTypes": ({ base }) => scimAnswer(200, listedResourceTypes(base)),
  "GET /scim/v2/ResourceTypes/{id}": ({ base, id }) => scimAnswer(200, resourceType(id, base)),
  "GET /scim/v2/Schemas": ({ base }) => scimAnswer(200, listedSchemas(base)),
  "GET /scim/v2/Schemas/{id}": ({ base, id }) => scimAnswer(200, schema(id, base)),
  "ANY /scim/v2/{proxy+}": elsewhere,
};

/** SCIM 2.0 (RFC 7644) for users of Amazon Connect, by the table of routes. */
export async function answerScim(request: HttpRequest, steps: ScimSteps): Promise<HttpAnswer> {
  if (!(await isAuthorized(request, steps))) {
    const answer = faultAnswer(new ScimFault(401, undefined, "a valid bearer token is needed"));
    return { ...answer, headers: { ...answer.headers, "www-authenticate": 'Bearer realm="scim"' } };
  }
  const base = `https://${request.headers["host"] ?? ""}/scim/v2`;
  const answer = routes[request.routeKey] ?? elsewhere;
  try {
    return await answer({ ...request, base, id: request.pathParameters["id"] ?? "" }, steps);
  } catch (error) {
    if (error instanceof ScimFault) return faultAnswer(error);
    throw error;
  }
}

async function list({ query, base }: Asked, { users }: ScimSteps): Promise<HttpAnswer> {
  const selection = selectionIn(query);
  const { records, ...page } = await listUsers(query, users);
  return scimAnswer(
    200,
    listOf(
      records.map((record) => selection(resourceOf(record, base))),
      page,
    ),
  );
}

async function create(asked: Asked, steps: ScimSteps): Promise<HttpAnswer> {
  const answer = userAnswer(201, asked);
  return answer(await createUser(readUser(bodyOf(asked)), steps));
}

async function show(asked: Asked, steps: ScimSteps): Promise<HttpAnswer> {
  const answer = userAnswer(200, asked);
  const record = await foundUser(asked.id, steps);
  const known = asked.headers["if-none-match"];
  const etag = etagOf(record);
  return known !== undefined && isListed(etag, known) ? { status: 304, headers: { etag } } : answer(record);
}

async function change(
  asked: Asked,
  steps: ScimSteps,
  next: (before: ScimRecord) => ScimUser,
): Promise<HttpAnswer> {
  const answer = userAnswer(200, asked);
  return answer(await changeUser(asked.id, asked.headers["if-match"], next, steps));
}

async function remove({ id, headers }: Asked, steps: ScimSteps): Promise<HttpAnswer> {
  await changeUser(id, headers["if-match"], () => "deleted", steps);
  return { status: 204 };
}

/** @throws ScimFault before anything is done, where the query is wrong */
function userAnswer(status: number, { query, base }: Asked): (record: ScimRecord) => HttpAnswer {
  const selection = selectionIn(query);
  return (record) => {
    const headers = { etag: etagOf(record), location: locationOf(record.id, base) };
    return scimAnswer(status, selection(resourceOf(record, base)), headers);
  };
}

/** Connect cannot rename a user. A name in other letters of the same is no other name to SCIM, and one to Connect: it stays. */
function withUserNameOf({ userName }: ScimUser, user: ScimUser): ScimUser {
  if (userKeyOf(user.userName) === userKeyOf(userName)) return { ...user, userName };
  throw new ScimFault(400, "mutability", "userName cannot be changed");
}

/** An operation that changes nothing is no change (RFC 7644, 3.5.2.1); a whole user is sent to Connect again, as it may differ there. */
const ifChanged = (before: ScimUser, after: ScimUser): ScimUser =>
  isDeepStrictEqual(before, after) ? before : after;

function bodyOf(request: HttpRequest): unknown {
  const mediaType = mediaTypeOf(request);
  if (mediaType !== scimMediaType && mediaType !== "application/json")
    throw new ScimFault(415, undefined, `send ${scimMediaType}`);
  if (request.body.length > mostOfBody)
    throw new ScimFault(413, undefined, `the body may have ${mostOfBody} bytes`);
  const reading = readJson(request.body);
  if (reading.kind === "read") return reading.value;
  throw new ScimFault(400, "invalidSyntax", jsonFlaws[reading.why]);
}

/** Bytes: no user fills it, and below it nothing takes long. */
const mostOfBody = 65_536;

const unsupported = ["Me", "Bulk", ".search", "Users/.search"];

function elsewhere({ pathParameters }: Asked): HttpAnswer {
  if (unsupported.includes(pathParameters["proxy"] ?? ""))
    throw new ScimFault(501, undefined, "this part of SCIM is not supported");
  throw new ScimFault(404, undefined, "there is no such endpoint: ResourceTypes has those that there are");
}
