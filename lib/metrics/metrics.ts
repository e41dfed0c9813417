import type { Channel, MetricRow, Resolution, RowKey } from "./metric-row.ts";

/** A queue of the instance. */
export interface Queue {
  queueId: string;
  name: string;
}

/** Some, and at most as many as were asked for: whether there are more only `next` tells. */
export interface Page<Item> {
  items: Item[];
  /** Asks for what follows; absent on the last page. */
  next?: string;
}

export interface Range {
  queueId: string;
  resolution: Resolution;
  /** Every channel where it is absent. */
  channel?: Channel;
  /** Epoch milliseconds: rows of `from` up to, not including, `to`. */
  from: number;
  to: number;
  /** Everything that was written before is in it. */
  consistent?: true;
}

export interface PageRequest {
  limit: number;
  /** `next` of the page before. */
  cursor?: string | undefined;
}

/** A minute's snapshot of all queues: `open` until its rows are all written. */
export interface Snapshot {
  /** ISO 8601: the minute. */
  at: string;
  state: "open" | "whole" | "partial";
  /** Of all its rows. */
  channels: Channel[];
  /** How many queues it lacks. */
  lacking: number;
}

export interface QueueRows extends Queue {
  rows: MetricRow[];
}

/** The table `metrics`, as far as it concerns one instance of Connect. */
export interface Metrics {
  /**
   * Each row by a write of its own, unless what is on record is as recent or more so (`asOf`).
   * @returns how many were written
   */
  put(rows: readonly MetricRow[]): Promise<number>;
  /** As they are, whatever is on record: for whoever alone may write them, 25 in one request. */
  putAll(rows: readonly MetricRow[]): Promise<void>;
  /** Leaves out those that are not there. In any order. */
  look(keys: readonly RowKey[]): Promise<MetricRow[]>;
  /** One queue's rows, oldest first. */
  range(range: Range, page: PageRequest): Promise<Page<MetricRow>>;

  /** By queueId. */
  queues(page: PageRequest): Promise<Page<Queue>>;
  /** What is new or renamed is written, what is gone is removed. */
  keepQueues(queues: readonly Queue[]): Promise<void>;

  /** Takes the minute for one run. @returns false when another run has or had it */
  openSnapshot(at: string, owner: string): Promise<boolean>;
  closeSnapshot(snapshot: Snapshot): Promise<void>;
  /** The most recent ones first. */
  snapshots(page: PageRequest): Promise<Page<Snapshot>>;
  /** The rows that a snapshot has of each queue, by queueId. */
  rowsOf(snapshot: Snapshot, page: PageRequest): Promise<Page<QueueRows>>;
}
