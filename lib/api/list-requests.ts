import * as v from "valibot";
import { campaignShardName, checkShards } from "../contacts/call-record.ts";
import { states } from "../contacts/contact-states.ts";
import { problemOf } from "../contacts/message-fields.ts";
import { stopRequestSchema } from "../contacts/stop-request.ts";
import { problem, reached } from "../http/http.ts";
import { nextLink } from "../http/next-link.ts";
import { cursorOf, type Place, placeIn } from "./cursor.ts";
import { pageEntriesUpTo } from "./page-entries.ts";
import type { RecordReader, Selection } from "./record-reader.ts";
import type { Shown } from "./record-view.ts";
import type { Answering } from "./steps.ts";

const { campaignId } = stopRequestSchema.entries;

const querySchema = v.strictObject({
  state: v.optional(v.picklist(states)),
  campaignId,
  ...pageEntriesUpTo(100, 50),
});

type Filter = Pick<v.InferOutput<typeof querySchema>, "state" | "campaignId">;

/** For one page, however few of them it finds: the next page goes on from there. */
const mostRead = 2_000;
/** At once: many where most may be in another state, and never so few that internal records make it many reads. */
const readAtOnce = { ofOneState: 500, least: 25 };

/** `GET /call-requests`: page by page; a page may be short, or empty, and still have a next one. */
export const listRequests: Answering = async ({ query }, { records }) => {
  const parsed = v.safeParse(querySchema, query);
  if (!parsed.success) return problem(400, "Bad query", { errors: parsed.issues.map(problemOf) });
  const { limit, cursor, ...filter } = parsed.output;
  const parts = partsOf(filter);
  const start = cursor === undefined ? { part: 0 } : placeIn(cursor, filter);
  if (!start || start.part >= parts.length) {
    return problem(400, "Bad cursor", {
      detail: "Take it from the page before, together with the same state and campaignId.",
    });
  }
  const { found, next } = await pageOf(parts, start, limit, records);
  if (!next) return { status: 200, body: { callRequests: found } };
  const following = cursorOf(next, filter);
  return { status: 200, headers: nextLink(query, following), body: { callRequests: found, next: following } };
};

/** A campaign lies in as many parts as its index has shards. */
const partsOf = ({ campaignId, state }: Filter): Selection[] =>
  campaignId === undefined
    ? [{ state }]
    : checkShards.map((shard) => ({ campaignShard: campaignShardName(campaignId, shard), state }));

async function pageOf(
  parts: Selection[],
  start: Place,
  limit: number,
  records: RecordReader,
): Promise<{ found: Shown[]; next?: Place }> {
  const found: Shown[] = [];
  let read = 0;
  let { part, after }: Place = start;
  for (let of = parts[part]; of; of = parts[part]) {
    const missing = limit - found.length;
    const mayRead = mostRead - read;
    if (missing === 0 || mayRead <= 0) return { found, next: { part, after } };
    const wished = of.state === undefined ? Math.max(missing, readAtOnce.least) : readAtOnce.ofOneState;
    const stretch = await reached(records.stretch(of, after, Math.min(wished, mayRead)));
    read += stretch.read;
    const wanted = stretch.found.slice(0, missing);
    found.push(...wanted);
    const isCut = wanted.length < stretch.found.length;
    after = isCut ? wanted.at(-1)?.requestId : stretch.end;
    if (after === undefined) part += 1;
  }
  return { found };
}
