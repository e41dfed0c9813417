import * as v from "valibot";

export const channels = ["VOICE", "CHAT", "TASK", "EMAIL"] as const;
export const resolutions = ["now", "5m", "1h", "1d"] as const;

/** Where a row comes from that is not of the first source: GetCurrentMetricData, GetMetricData, and what is made of these. */
export const sources = ["GetMetricDataV2"] as const;

export type Channel = (typeof channels)[number];

export type Source = (typeof sources)[number];

/** `now`: the instant of a minute's snapshot; the others: an interval of that length. */
export type Resolution = (typeof resolutions)[number];

/** Milliseconds from one row of a series to the next. */
export const stepOf = {
  now: 60_000,
  "5m": 300_000,
  "1h": 3_600_000,
  "1d": 86_400_000,
} as const satisfies Record<Resolution, number>;

/** By column: the metric's name, for service levels `SERVICE_LEVEL_<seconds>`. Null is unknown, which is not 0. */
export type Values = Readonly<Record<string, number | null>>;

const partSchema = v.object({ sum: v.number(), weight: v.number() });

/** What a mean was made of: `sum` / `weight` is the mean. */
export type Part = v.InferOutput<typeof partSchema>;

export const metricRowSchema = v.object({
  queueId: v.string(),
  channel: v.picklist(channels),
  resolution: v.picklist(resolutions),
  /** Absent for the first source. Rows of different sources stand side by side, and never become one. */
  source: v.optional(v.picklist(sources)),
  /** ISO 8601: the minute of the snapshot, or the start of the interval. */
  at: v.string(),
  /** ISO 8601: when Connect had it so. Of two readings of one row, the later one counts. */
  asOf: v.string(),
  values: v.record(v.string(), v.nullable(v.number())),
  /** By column, what the means of an hour or a day were made of. */
  parts: v.optional(v.record(v.string(), partSchema)),
  /** Of how many five-minute intervals an hour or a day was made: 12 or 288 where none is missing. */
  intervals: v.optional(v.number()),
  /** The snapshot lacks queues, or the interval lacks some of the shorter ones that it was made of. */
  partial: v.boolean(),
});

/** One queue, one channel, one instant or interval, one source. */
export type MetricRow = v.InferOutput<typeof metricRowSchema>;

/** The instant at which the step begins in which `now` (epoch milliseconds) lies. Days are those of UTC. */
export const stepAt = (resolution: Resolution, now: number): number =>
  Math.floor(now / stepOf[resolution]) * stepOf[resolution];

/** What tells one row of an instance from all others. */
export type RowKey = Pick<MetricRow, "queueId" | "resolution" | "at" | "channel" | "source">;

export const keyOf = (key: RowKey): string => `${key.resolution}/${key.queueId}/${slotOf(key)}`;

/** What tells it from the other rows of its queue and resolution. In their order rows are oldest first. */
export const slotOf = ({ at, channel, source }: RowKey): string =>
  source === undefined ? `${at}/${channel}` : `${at}/${channel}/${source}`;
