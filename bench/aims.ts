import type { Measured } from "./measure/all.ts";
import type { PaceCell } from "./measure/pace.ts";
import { median, quantile } from "./statistics.ts";
import type { Pair } from "./subjects.ts";

/** One line of the comparison. */
export interface Row extends Pair<number> {
  what: string;
  digits: number;
  aim?: { text: string; met: boolean };
}

/** The aims are those of the issue that asked for the bench; the figures are this run's. */
export function rowsOf(measured: Measured): Row[] {
  return [
    ...requestRows(measured),
    ...paceRows(measured.pace ?? []),
    ...sizeRows(measured),
    ...timeRows(measured),
  ];
}

function requestRows({ requests }: Measured): Row[] {
  if (!requests) return [];
  return [
    row("AWS requests per fresh call", of(requests, "perFresh"), 2, atMost(3.2)),
    row("… and for notices", of(requests, "noticesPerFresh"), 2, atMost(0.1)),
    row("… in the first batch of a new worker on new tables", of(requests, "perFirst"), 2),
    row("AWS requests per duplicate", of(requests, "perDuplicate"), 2, atMost(1)),
    row("… and for notices", of(requests, "noticesPerDuplicate"), 2),
  ];
}

function paceRows(cells: PaceCell[]): Row[] {
  return cells.flatMap(({ setting, figures }) => {
    const { ratePerSecond, workers } = setting;
    const where = `${ratePerSecond}/s, ${workers} ${workers === 1 ? "worker" : "workers"}`;
    const use = of(figures, "use");
    const inPercent = { ours: use.ours * 100, recipe: use.recipe * 100 };
    return [
      row(`${where}: use of the rate, %`, inPercent, 1, atLeast(97)),
      row(`${where}: rejections per call`, of(figures, "rejections"), 3, atMost(0.01)),
    ];
  });
}

function sizeRows({ bundle }: Measured): Row[] {
  if (!bundle) return [];
  const [bytes, gzipped] = [of(bundle, "bytes"), of(bundle, "gzipped")];
  return [
    row("bundle, KB (1,000 bytes)", { ours: bytes.ours / 1000, recipe: bytes.recipe / 1000 }, 0, atMost(420)),
    row("bundle gzipped, KB", { ours: gzipped.ours / 1000, recipe: gzipped.recipe / 1000 }, 0),
  ];
}

function timeRows({ cold, cpu }: Measured): Row[] {
  const rows: Row[] = [];
  if (cold) {
    const [placed, answer] = [of(cold, "untilPlaced"), of(cold, "untilAnswer")];
    rows.push(
      row("import to first call placed, ms, median", each(placed, median), 1, ratioAtMost(0.5)),
      row("… p90", each(placed, p90), 1),
      row("import to the first batch's answer, ms, median", each(answer, median), 1),
      row("… p90", each(answer, p90), 1),
    );
  }
  if (cpu) {
    const rounds = of(cpu, "rounds");
    rows.push(
      row("CPU per call, ms, median of the rounds", each(rounds, median), 2, ratioAtMost(0.6)),
      row("… p90", each(rounds, p90), 2),
    );
  }
  return rows;
}

type Aim = (figures: Pair<number>) => { text: string; met: boolean };

const atMost =
  (limit: number): Aim =>
  ({ ours }) => ({ text: `≤ ${limit}`, met: ours <= limit });
const atLeast =
  (limit: number): Aim =>
  ({ ours }) => ({ text: `≥ ${limit}`, met: ours >= limit });
const ratioAtMost =
  (limit: number): Aim =>
  ({ ours, recipe }) => {
    return { text: `ratio ≤ ${limit}`, met: ours / recipe <= limit };
  };

function row(what: string, figures: Pair<number>, digits: number, aim?: Aim): Row {
  return { what, ...figures, digits, ...(aim && { aim: aim(figures) }) };
}

function of<T, K extends keyof T>({ ours, recipe }: Pair<T>, key: K): Pair<T[K]> {
  return { ours: ours[key], recipe: recipe[key] };
}

function each(figures: Pair<number[]>, statistic: (values: number[]) => number): Pair<number> {
  return { ours: statistic(figures.ours), recipe: statistic(figures.recipe) };
}

const p90 = (values: number[]): number => quantile(values, 0.9);
