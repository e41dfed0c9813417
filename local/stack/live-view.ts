import type { Told } from "./notice-watch.ts";

interface Row {
  requestId: string;
  state: string;
  attempt: string;
  outcome: string;
  note: string;
  revision: number;
  since: number;
  elapsedMs: number;
  settled: boolean;
}

type Screen = Pick<NodeJS.WriteStream, "isTTY" | "columns" | "rows"> & { write(text: string): unknown };

const settledStates = new Set(["ended", "refused", "cancelled", "expired", "parked"]);
export const isSettled = (state: string): boolean => settledStates.has(state);

const heading = {
  requestId: "request",
  state: "state",
  attempt: "attempt",
  outcome: "outcome",
  elapsed: "elapsed",
  note: "note",
};

/**
 * Each request's way in the terminal: a table redrawn in place, with whatever else there is to say above it; or a line for
 * each change where it is not a terminal, or not high enough.
 */
export class LiveView {
  private readonly rows = new Map<string, Row>();
  private readonly others = new Map<string, Row>();
  private readonly out: Screen;
  private readonly now: () => number;
  /** Lines of the table that are on the screen. */
  private drawn = 0;

  constructor(out: Screen, now: () => number = Date.now) {
    this.out = out;
    this.now = now;
  }

  /** The requests that the table is about. */
  sent(requestIds: string[]): void {
    for (const requestId of requestIds) this.rows.set(requestId, this.newRow(requestId));
    if (this.isTable()) this.redraw();
    else this.out.write(`${lineOf(heading)}\n`);
  }

  /** Notices come more than once and in any order: the revision tells which is the newest. */
  notice(notice: Told): void {
    const row = this.rows.get(notice.requestId) ?? this.otherRow(notice.requestId);
    if (notice.revision <= row.revision) return;
    Object.assign(row, {
      state: notice.state,
      attempt: notice.attempt === undefined ? "" : String(notice.attempt),
      outcome: notice.outcome ?? "",
      note: notice.problems?.join("; ") ?? notice.reason ?? "",
      revision: notice.revision,
      elapsedMs: this.now() - row.since,
      settled: isSettled(notice.state),
    });
    if (this.rows.has(row.requestId) && this.isTable()) this.redraw();
    else this.say(lineOf(cellsOf(row)));
    if (row.settled) this.others.delete(row.requestId);
  }

  say(line: string): void {
    this.erase();
    this.out.write(`${line}\n`);
    if (this.isTable()) this.redraw();
  }

  /** Lets the time of what is not settled be seen to go by. */
  tick(): void {
    if (!this.isTable() || this.unsettled().length === 0) return;
    for (const row of this.rows.values()) if (!row.settled) row.elapsedMs = this.now() - row.since;
    this.redraw();
  }

  unsettled(): string[] {
    return [...this.rows.values()].filter(({ settled }) => !settled).map(({ requestId }) => requestId);
  }

  private newRow(requestId: string): Row {
    const blank = { attempt: "", outcome: "", note: "", revision: 0, elapsedMs: 0, settled: false };
    return { requestId, state: "sent", since: this.now(), ...blank };
  }

  private otherRow(requestId: string): Row {
    const row = this.others.get(requestId) ?? this.newRow(requestId);
    this.others.set(requestId, row);
    return row;
  }

  private isTable(): boolean {
    return this.out.isTTY && this.rows.size > 0 && this.rows.size + 2 < (this.out.rows ?? 24);
  }

  private erase(): void {
    if (this.drawn > 0) this.out.write(`\u001b[${this.drawn}A\u001b[0J`);
    this.drawn = 0;
  }

  private redraw(): void {
    this.erase();
    const lines = [lineOf(heading), ...[...this.rows.values()].map((row) => lineOf(cellsOf(row)))];
    // A line that wraps would be two to go up.
    const width = (this.out.columns ?? 120) - 1;
    this.out.write(lines.map((line) => `${line.slice(0, width)}\n`).join(""));
    this.drawn = lines.length;
  }
}

function cellsOf(row: Row): typeof heading {
  const { requestId, state, attempt, outcome, note, elapsedMs } = row;
  const elapsed = elapsedMs === 0 ? "" : `${(elapsedMs / 1000).toFixed(1)} s`;
  return { requestId, state, attempt, outcome, elapsed, note };
}

function lineOf({ requestId, state, attempt, outcome, elapsed, note }: typeof heading): string {
  return `${requestId.padEnd(46)} ${state.padEnd(10)} ${attempt.padEnd(8)} ${outcome.padEnd(16)} ${elapsed.padStart(8)}  ${note}`.trimEnd();
}
