import * as v from "valibot";
import { stopRequestSchema } from "../contacts/stop-request.ts";
import type { HttpRequest } from "../http/http.ts";
import { enqueue } from "./enqueue.ts";
import { bodyIn, type Input, idempotencyKeyIn, jsonIn, pathParameterIn, requestIdIn } from "./input.ts";
import type { Answering } from "./steps.ts";

const { reason, campaignId } = stopRequestSchema.entries;

const bodySchema = v.strictObject({ reason });

/** `POST /call-requests/{requestId}/stop`, also of a request that has not come yet. */
export const stopRequest: Answering = stopOf("requestId", requestIdIn);

/** `POST /campaigns/{campaignId}/stop`: all its requests, those that have not come yet included. */
export const stopCampaign: Answering = stopOf("campaignId", (request) =>
  pathParameterIn(request, "campaignId", v.unwrap(campaignId)),
);

function stopOf(
  target: "requestId" | "campaignId",
  idIn: (request: HttpRequest) => Input<string>,
): Answering {
  return async (request, steps) => {
    const targetId = idIn(request);
    if ("refusal" in targetId) return targetId.refusal;
    const key = idempotencyKeyIn(request);
    if ("refusal" in key) return key.refusal;
    const body = bodyIn(request.body.length === 0 ? { value: {} } : jsonIn(request), bodySchema);
    if ("refusal" in body) return body.refusal;
    const ids = { stopId: key.value ?? steps.newId(), [target]: targetId.value };
    return enqueue("stop-request", { ...body.value, ...ids }, ids, steps);
  };
}
