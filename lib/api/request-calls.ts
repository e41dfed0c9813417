import { type HttpAnswer, unavailable } from "../http/http.ts";
import { type Checked, checkMessage } from "../intake/message.ts";
import { firstOf, idempotencyKeyIn, jsonIn, unfit } from "./input.ts";
import type { Answering, ApiSteps } from "./steps.ts";

/** Requests in one batch. */
export const mostAtOnce = 500;

/** API Gateway takes twice as much, but a Lambda function is handed 6 MB at most. */
const longestBatchInBytes = 5_000_000;
/** So many problems are told of each request of a batch: an answer, too, may have 6 MB, and a problem may quote a field's name. */
const mostProblemsOfOne = 5;

export type Result =
  /** It is in its queue. */
  | { status: "accepted"; requestId: string }
  /** `requestId` is given where it is one; `index` counts from 0. */
  | { status: "refused"; index: number; requestId?: string; errors: string[] }
  /** Its queue did not take it: it may be sent again. */
  | { status: "failed"; requestId: string };

/** `POST /call-requests`: one call request, or an array of them. What is answered as accepted is in the queue. */
export const requestCalls: Answering = async (request, steps) => {
  const json = jsonIn(request, { limitInBytes: longestBatchInBytes });
  if ("refusal" in json) return json.refusal;
  const key = idempotencyKeyIn(request);
  if ("refusal" in key) return key.refusal;
  return Array.isArray(json.value)
    ? requestBatch(json.value, key.value, steps)
    : requestOne(json.value, key.value, steps);
};

async function requestOne(input: unknown, key: string | undefined, steps: ApiSteps): Promise<HttpAnswer> {
  const keyed = key === undefined ? input : withRequestId(input, key);
  if (keyed === undefined)
    return unfit(["requestId must be the same as the header Idempotency-Key, or missing"]);
  const checked = checkMessage("call-request", keyed, steps.defaults, steps.now());
  return checked.kind === "fit" ? hand([checked], steps) : unfit(checked.problems);
}

/** @returns undefined where it has another */
function withRequestId(input: unknown, requestId: string): unknown {
  if (typeof input !== "object" || input === null) return input;
  if (!Object.hasOwn(input, "requestId")) return { ...input, requestId };
  return Reflect.get(input, "requestId") === requestId ? input : undefined;
}

async function requestBatch(
  inputs: unknown[],
  key: string | undefined,
  steps: ApiSteps,
): Promise<HttpAnswer> {
  if (inputs.length === 0 || inputs.length > mostAtOnce)
    return unfit([`a batch must have 1 to ${mostAtOnce} call requests`]);
  if (key !== undefined)
    return unfit(["the header Idempotency-Key is for one call request, not for a batch"]);
  const now = steps.now();
  const checked = inputs.map((input) => checkMessage("call-request", input, steps.defaults, now));
  if (checked.some(({ kind }) => kind === "fit")) return hand(checked, steps);
  return unfit(
    checked.flatMap((one, index) =>
      one.kind === "unfit" ? one.problems.map((problem) => `[${index}] ${problem}`) : [],
    ),
  );
}

/** @param checked of which some are fit */
async function hand(checked: Checked[], { intake }: ApiSteps): Promise<HttpAnswer> {
  const messages = checked.flatMap((one) => (one.kind === "fit" ? [one.message] : []));
  const taken = await intake.put(messages);
  if (!taken.includes(true)) return unavailable();
  const wereTaken = new Set(messages.filter((_, index) => taken[index]));
  const results = checked.map((one, index): Result => {
    if (one.kind === "unfit") {
      const { id: requestId } = one;
      const errors = firstOf(one.problems, mostProblemsOfOne);
      return { status: "refused", index, ...(requestId !== undefined && { requestId }), errors };
    }
    const { id: requestId } = one.message;
    return { status: wereTaken.has(one.message) ? "accepted" : "failed", requestId };
  });
  return { status: 202, body: { results } };
}
