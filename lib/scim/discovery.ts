import { ScimFault } from "./fault.ts";
import { mostCount } from "./list-users.ts";
import { type Attribute, agent, core, type Schema } from "./schema.ts";
import type { Json } from "./value.ts";

const urn = "urn:ietf:params:scim:schemas:core:2.0:";

/** What of SCIM there is here (RFC 7643, 5). */
export const serviceProviderConfig = (base: string): Json => ({
  schemas: [`${urn}ServiceProviderConfig`],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: mostCount },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: "oauthbearertoken",
      name: "Bearer token",
      description: "A secret of the deployment, sent as Authorization: Bearer",
      primary: true,
    },
  ],
  meta: { resourceType: "ServiceProviderConfig", location: `${base}/ServiceProviderConfig` },
});

/** Users alone: Amazon Connect has no groups of users that an identity provider could fill. */
const resourceTypes = (base: string): Json[] => [
  {
    schemas: [`${urn}ResourceType`],
    id: "User",
    name: "User",
    endpoint: "/Users",
    description: core.description,
    schema: core.id,
    schemaExtensions: [{ schema: agent.id, required: false }],
    meta: { resourceType: "ResourceType", location: `${base}/ResourceTypes/User` },
  },
];

const schemas = (base: string): Json[] => [core, agent].map((schema) => schemaView(schema, base));

export const listedResourceTypes = (base: string): Json => listOf(resourceTypes(base));
export const listedSchemas = (base: string): Json => listOf(schemas(base));
/** @throws ScimFault */
export const resourceType = (id: string, base: string): Json => byId(id, resourceTypes(base));
/** @throws ScimFault */
export const schema = (id: string, base: string): Json => byId(id, schemas(base));

export const listOf = (
  resources: Json[],
  more: { totalResults?: number; startIndex?: number } = {},
): Json => ({
  schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
  totalResults: more.totalResults ?? resources.length,
  startIndex: more.startIndex ?? 1,
  itemsPerPage: resources.length,
  Resources: resources,
});

function byId(id: string, resources: Json[]): Json {
  const found = resources.find((one) => one["id"] === id);
  if (!found) throw new ScimFault(404, undefined, "there is nothing of that id");
  return found;
}

const schemaView = ({ id, name, description, attributes }: Schema, base: string): Json => ({
  schemas: [`${urn}Schema`],
  id,
  name,
  description,
  attributes: attributes.map(attributeView),
  meta: { resourceType: "Schema", location: `${base}/Schemas/${id}` },
});

function attributeView(attribute: Attribute): Json {
  const { name, type, description, canonicalValues, subAttributes } = attribute;
  return {
    name,
    type,
    multiValued: attribute.multiValued ?? false,
    description,
    required: attribute.required ?? false,
    mutability: attribute.mutability ?? "readWrite",
    returned: "default",
    ...(type === "string" && { caseExact: attribute.caseExact ?? false }),
    ...(type !== "boolean" && { uniqueness: attribute.uniqueness ?? "none" }),
    ...(canonicalValues && { canonicalValues }),
    ...(subAttributes && { subAttributes: subAttributes.map(attributeView) }),
  };
}
