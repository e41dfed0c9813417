import type { BenchRun } from "../bench-run.ts";
import type { Pair } from "../subjects.ts";
import { countAwsRequests, type RequestCounts } from "./aws-requests.ts";
import { type BundleSize, measureBundles } from "./bundle-size.ts";
import { type ColdStarts, measureColdStarts } from "./cold-start.ts";
import { type CpuFigures, measureCpu } from "./cpu.ts";
import { measurePace, type PaceCell } from "./pace.ts";

export interface Measured {
  bundle?: Pair<BundleSize>;
  requests?: Pair<RequestCounts>;
  cold?: Pair<ColdStarts>;
  cpu?: Pair<CpuFigures>;
  pace?: PaceCell[];
}

export type MeasureName = keyof Measured;

export const measureNames = ["bundle", "requests", "cold", "cpu", "pace"] as const satisfies MeasureName[];

export async function measureAll(names: readonly MeasureName[], run: BenchRun): Promise<Measured> {
  const measured: Measured = {};
  if (names.includes("bundle")) measured.bundle = await measureBundles(run);
  if (names.includes("requests")) measured.requests = await countAwsRequests(run);
  if (names.includes("cold")) measured.cold = await measureColdStarts(run);
  if (names.includes("cpu")) measured.cpu = await measureCpu(run);
  if (names.includes("pace")) measured.pace = await measurePace(run);
  return measured;
}
