import { readFileSync } from "node:fs";
import { patchMediaTypes } from "../../lib/api/set-attributes.ts";
import { states } from "../../lib/contacts/contact-states.ts";
import { answer, refusedToCallers, refusedWith } from "./answers.ts";
import { forms, ref } from "./schemas.ts";

/** What is shown is what the tests send. */
const event = (path: string): unknown => JSON.parse(readFileSync(`events/${path}`, "utf8"));

const json = (schema: object, examples: Record<string, unknown>, mediaTypes = ["application/json"]) =>
  Object.fromEntries(
    mediaTypes.map((mediaType) => [
      mediaType,
      {
        schema,
        examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
      },
    ]),
  );

const single = event("call-requests/01-answered.json");
const stopId = "5f3c1f0e-7d2b-4a1c-9d55-0c1d2e3f4a5b";

export const parameters = {
  RequestId: {
    name: "requestId",
    in: "path",
    required: true,
    description: "The producer's id of the call request.",
    schema: forms.id,
  },
  CampaignId: {
    name: "campaignId",
    in: "path",
    required: true,
    description: "The producer's id of the campaign.",
    schema: forms.campaignId,
  },
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description: "Becomes the id of what is asked for: requestId, stopId or updateId.",
    schema: forms.id,
  },
};

const idempotencyKey = ref("parameters", "IdempotencyKey");

export const paths = {
  "/call-requests": {
    post: {
      operationId: "requestCalls",
      tags: ["Call requests"],
      summary: "Ask for a call, or for up to 500",
      description:
        "What is answered as accepted is in the queue. To send the same again is harmless: a requestId is never called twice, and " +
        "the same id with another content changes nothing. A batch of which some are fit is answered with 202.",
      parameters: [idempotencyKey],
      requestBody: {
        required: true,
        description: "One call request, or an array of them; 5,000,000 bytes at most.",
        content: json(
          { oneOf: [ref("schemas", "CallRequest"), ref("schemas", "CallRequestBatch")] },
          {
            one: single,
            all: event("call-requests/03-all-fields.json"),
            batch: [single, event("call-requests/04-busy.json")],
          },
        ),
      },
      responses: {
        202: answer(
          "At least one is in its queue.",
          "Results",
          {},
          {
            results: [{ requestId: "sample-01-answered", status: "accepted" }],
          },
        ),
        ...refusedToCallers(400, 413, 415, 422),
      },
    },
    get: {
      operationId: "listRequests",
      tags: ["Call requests"],
      summary: "List call requests, page by page",
      description:
        "In no order that has a meaning. A page may be shorter than its limit, or empty, and still have a next one: for one page " +
        "no more than 2,000 records are read. What was written a moment ago may be missing.",
      parameters: [
        { name: "state", in: "query", description: "Only those in this state.", schema: { enum: states } },
        {
          name: "campaignId",
          in: "query",
          description: "Only those of this campaign, which are found by an index.",
          schema: parameters.CampaignId.schema,
        },
        {
          name: "limit",
          in: "query",
          description: "How many in one page.",
          schema: { type: "integer", minimum: 1, maximum: 100, default: 50 },
        },
        {
          name: "cursor",
          in: "query",
          description: "`next` of the page before, together with the same state and campaignId.",
          schema: { type: "string" },
        },
      ],
      responses: {
        200: answer("A page.", "CallRecordPage", { link: ref("headers", "Link") }),
        ...refusedToCallers(400),
      },
    },
  },
  "/call-requests/{requestId}": {
    parameters: [ref("parameters", "RequestId")],
    get: {
      operationId: "showRequest",
      tags: ["Call requests"],
      summary: "Show what is on record of a call request",
      parameters: [
        {
          name: "If-None-Match",
          in: "header",
          description: "The ETag of what is known: answered with 304 while it is the same.",
          schema: { type: "string" },
        },
      ],
      responses: {
        200: answer("The record.", "CallRecord", { etag: ref("headers", "ETag") }),
        304: { description: "It is the same.", headers: { etag: ref("headers", "ETag") } },
        ...refusedToCallers(400, 404),
      },
    },
  },
  "/call-requests/{requestId}/stop": {
    parameters: [ref("parameters", "RequestId")],
    post: stop(
      "stopRequest",
      "Stop a call request",
      "StopAccepted",
      "In whatever state it is, also before it has come.",
      {
        stopId,
        requestId: "order-4711",
      },
    ),
  },
  "/call-requests/{requestId}/attributes": {
    parameters: [ref("parameters", "RequestId")],
    patch: {
      operationId: "setAttributes",
      tags: ["Call requests"],
      summary: "Set contact attributes",
      description:
        "Before, during and after the call. For each attribute the newest value wins, in whatever order they come.",
      parameters: [idempotencyKey],
      requestBody: {
        required: true,
        content: json(
          ref("schemas", "AttributesPatch"),
          { language: { attributes: { language: "fr-FR", note: "" }, occurredAt: "2026-11-24T09:00:00Z" } },
          patchMediaTypes,
        ),
      },
      responses: {
        202: answer(
          "The update is in its queue.",
          "UpdateAccepted",
          {},
          { updateId: "update-1", requestId: "order-4711" },
        ),
        ...refusedToCallers(400, 413, 415, 422),
      },
    },
  },
  "/campaigns/{campaignId}/stop": {
    parameters: [ref("parameters", "CampaignId")],
    post: stop(
      "stopCampaign",
      "Stop a campaign",
      "CampaignStopAccepted",
      "All its call requests, those that have not come yet included.",
      { stopId, campaignId: "spring-2026" },
    ),
  },
  "/webhooks/{source}": {
    parameters: [
      {
        name: "source",
        in: "path",
        required: true,
        description: "The name of a source in the folder webhooks.",
        schema: { type: "string" },
      },
    ],
    post: {
      operationId: "acceptWebhook",
      tags: ["Webhooks"],
      summary: "Take what another system tells",
      description:
        "Signed by its sender as the source says, and translated to call requests, stops and attribute updates by the source's " +
        "mapping: docs/webhooks.md.",
      // The signature is over the body, and in headers that each source names.
      security: [],
      requestBody: {
        required: true,
        content: {
          "application/json": { schema: {} },
          "application/x-www-form-urlencoded": { schema: { type: "object" } },
        },
      },
      responses: {
        202: answer("All of its messages are in their queues.", "WebhookAccepted"),
        401: ref("responses", "BadSignature"),
        ...refusedWith(400, 404, 409, 413, 415, 422),
      },
    },
  },
};

function stop(operationId: string, summary: string, accepted: string, description: string, example: object) {
  return {
    operationId,
    tags: ["Stops"],
    summary,
    description,
    parameters: [idempotencyKey],
    requestBody: {
      content: json(ref("schemas", "Stop"), { reason: { reason: "the customer has paid" } }),
    },
    responses: {
      202: answer("The stop is in its queue.", accepted, {}, example),
      ...refusedToCallers(400, 413, 415, 422),
    },
  };
}
