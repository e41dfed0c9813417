import * as v from "valibot";

export const channels = ["VOICE", "CHAT", "TASK", "EMAIL"] as const;
export const resolutions = ["now", "5m", "1h", "1d"] as const;

export type Channel = (typeof channels)[number];

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

/** One queue, one channel, one instant or interval. */
export type MetricRow = v.InferOutput<typeof metricRowSchema>;

/** The instant at which the step begins in which `now` (epoch milliseconds) lies. Days are those of UTC. */
export const stepAt = (resolution: Resolution, now: number): number =>
  Math.floor(now / stepOf[resolution]) * stepOf[resolution];

/** What tells one row of an instance from all others. */
export type RowKey = Pick<MetricRow, "queueId" | "resolution" | "at" | "channel">;

export const keyOf = ({ queueId, resolution, at, channel }: RowKey): string =>
  `${resolution}/${queueId}/${at}/${channel}`;
