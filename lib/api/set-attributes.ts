import * as v from "valibot";
import { attributeUpdateSchema } from "../contacts/attribute-update.ts";
import { iso } from "../contacts/contacts.ts";
import { enqueue } from "./enqueue.ts";
import { bodyIn, idempotencyKeyIn, jsonIn, requestIdIn, unfit } from "./input.ts";
import type { Answering } from "./steps.ts";

const { attributes, occurredAt } = attributeUpdateSchema.entries;

const bodySchema = v.strictObject({ attributes, occurredAt: v.optional(occurredAt) });

export const patchMediaTypes = ["application/json", "application/merge-patch+json"];

/** `PATCH /call-requests/{requestId}/attributes`: sets what is named and leaves the others. */
export const setAttributes: Answering = async (request, steps) => {
  const requestId = requestIdIn(request);
  if ("refusal" in requestId) return requestId.refusal;
  const key = idempotencyKeyIn(request);
  if ("refusal" in key) return key.refusal;
  const json = jsonIn(request, { mediaTypes: patchMediaTypes });
  if ("refusal" in json) return json.refusal;
  const deletions = deletionsIn(json.value);
  if (deletions.length > 0) return unfit(deletions);
  const body = bodyIn(json, bodySchema);
  if ("refusal" in body) return body.refusal;
  const ids = { updateId: key.value ?? steps.newId(), requestId: requestId.value };
  return enqueue("attribute-update", { occurredAt: iso(steps.now()), ...body.value, ...ids }, ids, steps);
};

/** What null means in a merge patch, Amazon Connect has no operation for. */
function deletionsIn(body: unknown): string[] {
  const parsed = v.safeParse(v.object({ attributes: v.record(v.string(), v.unknown()) }), body);
  if (!parsed.success) return [];
  return Object.entries(parsed.output.attributes)
    .filter(([, value]) => value === null)
    .map(
      ([name]) =>
        `attributes.${name} must not be null: Amazon Connect cannot delete an attribute, so set it to ""`,
    );
}
