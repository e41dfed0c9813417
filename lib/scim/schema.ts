/** The attributes of a user, as RFC 7643 describes them: what is read, matched, patched and told by `/Schemas` is read off these. */

export const coreUrn = "urn:ietf:params:scim:schemas:core:2.0:User";
/** Ours: what SCIM has no words for. Without complex attributes, which identity providers cannot map. */
export const agentUrn = "urn:ietf:params:scim:schemas:extension:contactautomation:2.0:User";

export interface Attribute {
  name: string;
  type: "string" | "boolean" | "integer" | "complex";
  description: string;
  multiValued?: true;
  required?: true;
  caseExact?: true;
  mutability?: "immutable" | "readOnly";
  uniqueness?: "server";
  canonicalValues?: string[];
  subAttributes?: Attribute[];
}

export interface Schema {
  id: string;
  name: string;
  description: string;
  attributes: Attribute[];
}

const coreAttributes: Attribute[] = [
  {
    name: "userName",
    type: "string",
    description: "The username in Amazon Connect, which has no way to change it",
    required: true,
    mutability: "immutable",
    uniqueness: "server",
  },
  {
    name: "name",
    type: "complex",
    description: "The name of the person",
    required: true,
    subAttributes: [
      {
        name: "formatted",
        type: "string",
        description: "The whole name; kept, and not sent to Amazon Connect",
      },
      { name: "familyName", type: "string", description: "The last name", required: true },
      { name: "givenName", type: "string", description: "The first name", required: true },
    ],
  },
  { name: "displayName", type: "string", description: "Kept, and not sent to Amazon Connect" },
  {
    name: "active",
    type: "boolean",
    description: "Whether the user has profiles of their own; without it true",
  },
  {
    name: "emails",
    type: "complex",
    description: "Amazon Connect gets the primary one, or else that of type work, or else the first",
    multiValued: true,
    subAttributes: [
      { name: "value", type: "string", description: "The address", required: true },
      { name: "type", type: "string", description: "Such as work or home" },
      { name: "primary", type: "boolean", description: "True for one of them at the most" },
    ],
  },
];

const agentAttributes: Attribute[] = [
  { name: "routingProfile", type: "string", description: "The name of the routing profile", caseExact: true },
  {
    name: "securityProfiles",
    type: "string",
    description: "The names of the security profiles",
    multiValued: true,
    caseExact: true,
  },
  {
    name: "hierarchy",
    type: "string",
    description: "The names of hierarchy groups from the top level down, with / in between",
    caseExact: true,
  },
  {
    name: "phoneType",
    type: "string",
    description: "A desk phone needs a deskNumber",
    caseExact: true,
    canonicalValues: ["SOFT_PHONE", "DESK_PHONE"],
  },
  { name: "deskNumber", type: "string", description: "In E.164", caseExact: true },
  { name: "autoAccept", type: "boolean", description: "Whether contacts are accepted by themselves" },
  {
    name: "afterContactWorkSeconds",
    type: "integer",
    description: "How long after-contact work lasts; 0 without limit",
  },
];

/** Attributes of every resource, which no schema lists. */
export const commonAttributes: Attribute[] = [
  { name: "id", type: "string", description: "Ours", caseExact: true, mutability: "readOnly" },
  { name: "schemas", type: "string", description: "Ours", multiValued: true, mutability: "readOnly" },
  { name: "meta", type: "complex", description: "Ours", caseExact: true, mutability: "readOnly" },
  { name: "externalId", type: "string", description: "Of the identity provider", caseExact: true },
];

export const core: Schema = {
  id: coreUrn,
  name: "User",
  description: "A user of Amazon Connect",
  attributes: coreAttributes,
};

export const agent: Schema = {
  id: agentUrn,
  name: "Agent",
  description: "What makes an agent of a user",
  attributes: agentAttributes,
};

/** All that a user may have, but for what is in our extension. */
export const userAttributes: Attribute[] = [...core.attributes, ...commonAttributes];

/** Names may be led by the schema that they are of. */
export const withoutCore = (path: string): string =>
  path.toLowerCase().startsWith(`${coreUrn.toLowerCase()}:`) ? path.slice(coreUrn.length + 1) : path;

/** Of RFC 7643, and nothing that Amazon Connect has a place for: identity providers send them by default, and they are not kept. */
const notKept = new Set(
  [
    ...["nickName", "profileUrl", "title", "userType", "preferredLanguage", "locale", "timezone", "password"],
    ...["phoneNumbers", "ims", "photos", "addresses", "groups", "entitlements", "roles", "x509Certificates"],
  ].map((name) => name.toLowerCase()),
);

export const isKept = (name: string): boolean => !notKept.has(name.toLowerCase());

/** Names of attributes are told apart without regard to upper and lower case. */
export const attributeNamed = (name: string, attributes: Attribute[]): Attribute | undefined =>
  attributes.find((one) => one.name.toLowerCase() === name.toLowerCase());
