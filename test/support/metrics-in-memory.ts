import { keyOf, type MetricRow, type RowKey, slotOf } from "../../lib/metrics/metric-row.ts";
import type {
  Metrics,
  Page,
  PageRequest,
  Queue,
  QueueRows,
  Range,
  Snapshot,
} from "../../lib/metrics/metrics.ts";

/** Stands in for the table; passes the contract suite of the DynamoDB adapter. */
export class MetricsInMemory implements Metrics {
  readonly rows = new Map<string, MetricRow>();
  private readonly taken = new Map<string, Snapshot & { openedBy?: string }>();
  private known: Queue[] = [];

  async put(rows: readonly MetricRow[]): Promise<number> {
    const newer = rows.filter((row) => (this.rows.get(keyOf(row))?.asOf ?? "") < row.asOf);
    await this.putAll(newer);
    return newer.length;
  }

  async putAll(rows: readonly MetricRow[]): Promise<void> {
    for (const row of rows) this.rows.set(keyOf(row), structuredClone(row));
  }

  async look(keys: readonly RowKey[]): Promise<MetricRow[]> {
    const distinct = new Set(keys.map(keyOf));
    return structuredClone([...distinct].flatMap((key) => this.rows.get(key) ?? []));
  }

  async range(
    { queueId, resolution, channel, from, to }: Range,
    page: PageRequest,
  ): Promise<Page<MetricRow>> {
    const found = [...this.rows.values()].filter(
      (row) =>
        row.queueId === queueId &&
        row.resolution === resolution &&
        (channel === undefined || row.channel === channel) &&
        Date.parse(row.at) >= from &&
        Date.parse(row.at) < to,
    );
    return pageOf(inOrder(found, slotOf), page, slotOf);
  }

  async queues(page: PageRequest): Promise<Page<Queue>> {
    return pageOf(
      inOrder(this.known, ({ queueId }) => queueId),
      page,
      ({ queueId }) => queueId,
    );
  }

  async keepQueues(queues: readonly Queue[]): Promise<void> {
    this.known = queues.map(({ queueId, name }) => ({ queueId, name }));
  }

  async openSnapshot(at: string, owner: string): Promise<boolean> {
    const taken = this.taken.get(at);
    if (taken && taken.openedBy !== owner) return false;
    this.taken.set(at, { at, state: "open", channels: [], lacking: 0, openedBy: owner });
    return true;
  }

  async closeSnapshot(snapshot: Snapshot): Promise<void> {
    this.taken.set(snapshot.at, structuredClone(snapshot));
  }

  async snapshots(page: PageRequest): Promise<Page<Snapshot>> {
    const at = (snapshot: Snapshot) => snapshot.at;
    const shown = [...this.taken.values()].map(({ openedBy, ...snapshot }): Snapshot => snapshot);
    const all = inOrder(shown, at).reverse();
    const from = page.cursor === undefined ? 0 : all.findIndex((one) => one.at === page.cursor) + 1;
    return pageOf(all.slice(from), { limit: page.limit }, at);
  }

  async rowsOf({ at, channels }: Snapshot, page: PageRequest): Promise<Page<QueueRows>> {
    const { items, ...rest } = await this.queues(page);
    const rowsOf = (queueId: string) =>
      channels.flatMap((channel) => this.rows.get(keyOf({ queueId, resolution: "now", channel, at })) ?? []);
    return { items: items.map((queue) => ({ ...queue, rows: rowsOf(queue.queueId) })), ...rest };
  }
}

const inOrder = <Item>(items: Item[], key: (item: Item) => string): Item[] =>
  items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));

/** `key` rises along the items. */
function pageOf<Item>(
  items: Item[],
  { limit, cursor }: PageRequest,
  key: (item: Item) => string,
): Page<Item> {
  const rest = cursor === undefined ? items : items.filter((item) => key(item) > cursor);
  const shown = structuredClone(rest.slice(0, limit));
  const last = shown.at(-1);
  return { items: shown, ...(last && rest.length > limit && { next: key(last) }) };
}
