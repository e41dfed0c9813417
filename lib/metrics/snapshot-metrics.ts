import * as v from "valibot";
import type { RateLimit } from "../pacing/rate.ts";
import { type HistoryRun, type HistorySteps, readHistory } from "./read-history.ts";
import { type CurrentRun, type CurrentSteps, snapshotCurrent } from "./snapshot-current.ts";

/** All that either reading can touch. Connect limits each of its operations by itself. */
export type SnapshotSteps = Omit<CurrentSteps & HistorySteps, "rate"> & {
  rates: { current: RateLimit; historical: RateLimit };
};

const inputSchema = v.object({ reading: v.picklist(["current", "historical"]) });

const readings = {
  current: (steps: SnapshotSteps, mustEndBy: number): Promise<CurrentRun> =>
    snapshotCurrent({ ...steps, rate: steps.rates.current }, mustEndBy),
  historical: (steps: SnapshotSteps, mustEndBy: number): Promise<HistoryRun> =>
    readHistory({ ...steps, rate: steps.rates.historical }, mustEndBy),
};

/** Does what its schedule asks for. @throws for an event that asks for nothing known */
export const snapshotMetrics = (
  event: unknown,
  steps: SnapshotSteps,
  mustEndBy: number,
): Promise<CurrentRun | HistoryRun> => readings[v.parse(inputSchema, event).reading](steps, mustEndBy);
