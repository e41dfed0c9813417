import * as v from "valibot";
import { id } from "../../contacts/message-fields.ts";
import { reached } from "../../http/http.ts";
import { nextPage, pageEntries, positionIn, queryIn } from "./query.ts";
import type { Answering } from "./steps.ts";

const querySchema = v.strictObject(pageEntries);
const positionSchema = v.strictTuple([id]);
const filter = { list: "queues" };

/** `GET /metrics/queues`: the queues that metrics are kept of, page by page. */
export const listQueues: Answering = async (request, { metrics }) => {
  const query = queryIn(request, querySchema);
  if ("refusal" in query) return query.refusal;
  const { limit, cursor } = query.value;
  const position = positionIn(cursor, filter, positionSchema);
  if ("refusal" in position) return position.refusal;
  const [behind] = position.value ?? [];
  const { items, next } = await reached(metrics.queues({ limit, cursor: behind }));
  const { headers, members } = nextPage(request.query, filter, next === undefined ? undefined : [next]);
  return { status: 200, headers, body: { queues: items, ...members } };
};
