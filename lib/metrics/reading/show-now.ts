import * as v from "valibot";
import { id } from "../../contacts/message-fields.ts";
import { problem, reached } from "../../http/http.ts";
import type { Metrics, QueueRows, Snapshot } from "../metrics.ts";
import { badCursor, nextPage, pageEntries, positionIn, queryIn } from "./query.ts";
import { rowView } from "./row-view.ts";
import type { Answering } from "./steps.ts";

const querySchema = v.strictObject(pageEntries);
const positionSchema = v.strictTuple([v.string(), id]);
const filter = { list: "now" };

/** For so many minutes the pages of one snapshot can be asked for. */
const lately = 10;

/** `GET /metrics/now`: the most recent snapshot, queue by queue; all pages are of the one snapshot. */
export const showNow: Answering = async (request, { metrics, now }) => {
  const query = queryIn(request, querySchema);
  if ("refusal" in query) return query.refusal;
  const { limit, cursor } = query.value;
  const position = positionIn(cursor, filter, positionSchema);
  if ("refusal" in position) return position.refusal;
  const [at, behind] = position.value ?? [];
  const snapshot = await reached(snapshotOf(at, metrics));
  if (!snapshot && at !== undefined) return badCursor();
  if (!snapshot) return problem(404, "No snapshot", { detail: "None has been taken yet." });
  const { items, next } = await reached(metrics.rowsOf(snapshot, { limit, cursor: behind }));
  const following = next === undefined ? undefined : ([snapshot.at, next] as const);
  const { headers, members } = nextPage(request.query, filter, following);
  return { status: 200, headers, body: { ...nowView(snapshot, items, now()), ...members } };
};

export const nowView = (snapshot: Snapshot, queues: readonly QueueRows[], now: number) => ({
  at: snapshot.at,
  ageSeconds: Math.round((now - Date.parse(snapshot.at)) / 1000),
  partial: snapshot.state === "partial",
  queuesLacking: snapshot.lacking,
  queues: queues.map(({ queueId, name, rows }) => ({
    queueId,
    name,
    rows: rows.map((row) => rowView(row)),
  })),
});

/** @param at of one that has been shown; undefined for the most recent one that is complete */
export async function snapshotOf(
  at: string | undefined,
  metrics: Pick<Metrics, "snapshots">,
): Promise<Snapshot | undefined> {
  const isIt = (one: Snapshot) => one.state !== "open" && (at === undefined || one.at === at);
  const { items, next } = await metrics.snapshots({ limit: lately });
  const recent = items.find(isIt);
  if (recent || at !== undefined) return recent;
  // Only when no run has come to its end for that long.
  for (let cursor = next; cursor !== undefined; ) {
    const page = await metrics.snapshots({ limit: 500, cursor });
    const found = page.items.find(isIt);
    if (found) return found;
    cursor = page.next;
  }
  return undefined;
}
