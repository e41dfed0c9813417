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

const settledStates = new Set(["ended", "refused", "cancelled", "expired", "parked"]);
const heading = {
  requestId: "request",
  state: "state",
  attempt: "attempt",
  outcome: "outcome",
  elapsed: "elapsed",
  note: "note",
};

/** Each request's way in the terminal: a table redrawn in place, or a line for each change where it is not a terminal. */
export class LiveView {
  private readonly rows = new Map<string, Row>();
  private readonly out: NodeJS.WriteStream;
  private readonly now: () => number;
  private drawn = 0;

  constructor(out: NodeJS.WriteStream, now: () => number = Date.now) {
    this.out = out;
    this.now = now;
  }

  sent(requestIds: string[]): void {
    const since = this.now();
    for (const requestId of requestIds) {
      const blank = {
        state: "sent",
        attempt: "",
        outcome: "",
        note: "",
        revision: 0,
        elapsedMs: 0,
        settled: false,
      };
      this.rows.set(requestId, { requestId, since, ...blank });
    }
    if (this.out.isTTY) this.redraw();
    else this.out.write(`${lineOf(heading)}\n`);
  }

  /** Notices come more than once and in any order: the revision tells which is the newest. */
  notice(notice: Told): void {
    const row = this.rows.get(notice.requestId);
    if (!row || notice.revision <= row.revision) return;
    Object.assign(row, {
      state: notice.state,
      attempt: notice.attempt === undefined ? "" : String(notice.attempt),
      outcome: notice.outcome ?? "",
      note: notice.problems?.join("; ") ?? notice.reason ?? "",
      revision: notice.revision,
      elapsedMs: this.now() - row.since,
      settled: settledStates.has(notice.state),
    });
    if (this.out.isTTY) this.redraw();
    else this.out.write(`${lineOf(cellsOf(row))}\n`);
  }

  unsettled(): string[] {
    return [...this.rows.values()]
      .filter(({ settled }) => !settled)
      .map(({ requestId, state }) => `${requestId} is ${state}`);
  }

  private redraw(): void {
    if (this.drawn > 0) this.out.write(`\u001b[${this.drawn}A`);
    const lines = [lineOf(heading), ...[...this.rows.values()].map((row) => lineOf(cellsOf(row)))];
    const width = this.out.columns ?? 120;
    for (const line of lines) this.out.write(`\u001b[2K${line.slice(0, width - 1)}\n`);
    this.drawn = lines.length;
  }
}

function cellsOf(row: Row): typeof heading {
  const { requestId, state, attempt, outcome, note, elapsedMs } = row;
  return {
    requestId,
    state,
    attempt,
    outcome,
    elapsed: elapsedMs === 0 ? "" : `${(elapsedMs / 1000).toFixed(1)} s`,
    note,
  };
}

function lineOf({ requestId, state, attempt, outcome, elapsed, note }: typeof heading): string {
  return `${requestId.padEnd(46)} ${state.padEnd(10)} ${attempt.padEnd(8)} ${outcome.padEnd(16)} ${elapsed.padStart(8)}  ${note}`.trimEnd();
}
