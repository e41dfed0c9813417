import { toJsonSchema } from "@valibot/to-json-schema";
import { type Shown, shownSchema } from "../../lib/api/record-view.ts";
import { mostAtOnce } from "../../lib/api/request-calls.ts";
import { attributeUpdateJsonSchema, callRequestJsonSchema, stopRequestJsonSchema } from "../json-schemas.ts";

type Json = Record<string, unknown>;

export const ref = (kind: "schemas" | "responses" | "parameters" | "headers", name: string) => ({
  $ref: `#/components/${kind}/${name}`,
});

const callRequest = membersOf(callRequestJsonSchema);
const stopRequest = propertiesOf(stopRequestJsonSchema);
const attributeUpdate = propertiesOf(attributeUpdateJsonSchema);

const requestId = asObject(callRequest.properties["requestId"]);

/** What ids look like, in a path or a header. */
export const forms = { id: formOf(requestId), campaignId: formOf(asObject(stopRequest["campaignId"])) };

const problems = {
  type: "array",
  items: { type: "string" },
  description: "Each names a place and a rule, never a value.",
};
const onlyWith = (properties: Json, required: string[]): Json => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

/** What each shown field means; the forms are those of the schema that records are read with. */
const shownDescriptions = {
  requestId: "The producer's id of the call request.",
  state: "docs/states.md says what each means.",
  attempt: "The attempt under way, or the next one while deferred; 0 where there never was one.",
  outcome: "What came of the last attempt.",
  reason: "Why it is deferred, refused, cancelled or parked.",
  problems: "What is wrong with a request that was refused for its form.",
  campaignId: "The producer's id of the campaign.",
  contactId: "Amazon Connect's id of the call.",
  disconnectReason: "Amazon Connect's own word for how the call ended.",
  postponed: "How often Amazon Connect put off the present attempt.",
  stopAt: "When a stop was asked for.",
  dueAt: "Not dialled before.",
  createdAt: "When it was first put on record.",
  claimedAt: "When the present attempt was taken up.",
  placedAt: "When Amazon Connect accepted the call.",
  connectedAt: "When the customer's side answered.",
  agentConnectedAt: "When an agent was connected.",
  endedAt: "When the call had ended.",
  updatedAt: "When it last changed.",
  revision: "Counts the changes; each notice is of one revision.",
} satisfies Record<keyof Shown, string>;

const shown = membersOf(toJsonSchema(shownSchema, { target: "draft-2020-12" }));
for (const [field, description] of Object.entries(shownDescriptions)) {
  const isInstant = field.endsWith("At") && { format: "date-time" };
  shown.properties[field] = { ...asObject(shown.properties[field]), ...isInstant, description };
}

export const schemas: Json = {
  CallRequest: {
    ...callRequest,
    // By itself it may have its id in the header.
    required: ["destination"],
    description:
      "requestId is required, unless the header Idempotency-Key has it. Beyond this schema: the number must exist in its " +
      "numbering plan; a contact flow, and a queue or a source number, must result from the request or the deployment's " +
      "defaults; expiresAt comes after notBefore; answerMachineDetection needs trafficType CAMPAIGN; attributes have 32,768 " +
      "bytes at most, and the whole request 262,144.",
  },
  CallRequestBatch: {
    type: "array",
    minItems: 1,
    maxItems: mostAtOnce,
    items: { ...ref("schemas", "CallRequest"), required: ["requestId"] },
  },
  Results: {
    ...onlyWith({ results: { type: "array", items: ref("schemas", "Result") } }, ["results"]),
    description: "In the order of the batch.",
  },
  Result: {
    oneOf: [
      {
        ...onlyWith({ status: { const: "accepted" }, requestId }, ["status", "requestId"]),
        description: "It is in its queue.",
      },
      {
        ...onlyWith(
          {
            status: { const: "refused" },
            index: { type: "integer", minimum: 0 },
            requestId,
            errors: problems,
          },
          ["status", "index", "errors"],
        ),
        description:
          "It is not fit. The index counts from 0; the requestId is given where there is a usable one.",
      },
      {
        ...onlyWith({ status: { const: "failed" }, requestId }, ["status", "requestId"]),
        description: "Its queue did not take it: send it again.",
      },
    ],
  },
  CallRecord: { ...shown, description: "What is on record of a call request, but for whom it is and why." },
  CallRecordPage: onlyWith(
    {
      callRequests: { type: "array", maxItems: 100, items: ref("schemas", "CallRecord") },
      next: { type: "string", description: "The cursor of the next page; missing where there is none." },
    },
    ["callRequests"],
  ),
  Stop: onlyWith({ reason: stopRequest["reason"] }, []),
  StopAccepted: onlyWith({ stopId: stopRequest["stopId"], requestId }, ["stopId", "requestId"]),
  CampaignStopAccepted: onlyWith({ stopId: stopRequest["stopId"], campaignId: stopRequest["campaignId"] }, [
    "stopId",
    "campaignId",
  ]),
  AttributesPatch: {
    ...onlyWith({ attributes: attributeUpdate["attributes"], occurredAt: attributeUpdate["occurredAt"] }, [
      "attributes",
    ]),
    description:
      "Attributes that are not named stay as they are. null is refused: Amazon Connect cannot delete an attribute, so set it " +
      "to the empty text. Without occurredAt it became so when the request came.",
  },
  UpdateAccepted: onlyWith({ updateId: attributeUpdate["updateId"], requestId }, ["updateId", "requestId"]),
  WebhookAccepted: onlyWith(
    {
      webhookId: { type: "string" },
      messages: {
        type: "array",
        items: onlyWith(
          { type: { enum: ["call-request", "stop-request", "attribute-update"] }, id: { type: "string" } },
          ["type", "id"],
        ),
      },
    },
    ["webhookId", "messages"],
  ),
  Problem: {
    description: "RFC 9457.",
    ...onlyWith(
      {
        type: { type: "string", format: "uri-reference" },
        title: { type: "string" },
        status: { type: "integer", minimum: 400, maximum: 599 },
        detail: { type: "string" },
        errors: problems,
        requestId: {
          type: "string",
          description: "API Gateway's id of the HTTP request, as in x-request-id.",
        },
      },
      ["type", "title", "status", "requestId"],
    ),
  },
  GatewayMessage: {
    description: "API Gateway's own answer, before the request comes to the service.",
    type: "object",
    properties: { message: { type: ["string", "null"] } },
    required: ["message"],
  },
};

function membersOf(schema: object): Json & { properties: Json } {
  const { $schema, title, ...members } = asObject(schema);
  return { ...members, properties: { ...asObject(members["properties"]) } };
}

function propertiesOf(schema: object): Json {
  return membersOf(schema).properties;
}

function formOf({ description, examples, ...form }: Json): Json {
  return form;
}

function asObject(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
