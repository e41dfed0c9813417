import * as v from "valibot";
import type { RateLimit } from "../pacing/rate.ts";
import { type HistoryRun, type HistorySteps, readHistory } from "./read-history.ts";
import { type OutcomeSteps, type OutcomesRun, readOutcomes } from "./read-outcomes.ts";
import { type CurrentRun, type CurrentSteps, snapshotCurrent } from "./snapshot-current.ts";

/** All that any of the readings can touch. Connect limits each of its operations by itself. */
export type SnapshotSteps = Omit<CurrentSteps & HistorySteps & OutcomeSteps, "rate"> & {
  rates: { current: RateLimit; historical: RateLimit; outcomes: RateLimit };
};

type Run = CurrentRun | HistoryRun | OutcomesRun;

const inputSchema = v.object({ reading: v.picklist(["current", "historical", "outcomes"]) });

const readings = {
  current: (steps: SnapshotSteps, mustEndBy: number): Promise<CurrentRun> =>
    snapshotCurrent({ ...steps, rate: steps.rates.current }, mustEndBy),
  historical: (steps: SnapshotSteps, mustEndBy: number): Promise<HistoryRun> =>
    readHistory({ ...steps, rate: steps.rates.historical }, mustEndBy),
  outcomes: (steps: SnapshotSteps, mustEndBy: number): Promise<OutcomesRun> =>
    readOutcomes({ ...steps, rate: steps.rates.outcomes }, mustEndBy),
};

/** Does what its schedule asks for. @throws for an event that asks for nothing known */
export const snapshotMetrics = (event: unknown, steps: SnapshotSteps, mustEndBy: number): Promise<Run> =>
  readings[v.parse(inputSchema, event).reading](steps, mustEndBy);
