import type { HttpAnswer, HttpRequest } from "../../http/http.ts";
import type { Metrics } from "../metrics.ts";
import type { ProgressBook } from "../progress.ts";
import type { LongResolution } from "../roll-up.ts";

/** All that the routes of metrics can touch. Nothing is changed. */
export interface MetricsApiSteps {
  metrics: Pick<Metrics, "queues" | "range" | "snapshots" | "rowsOf">;
  progress: Pick<ProgressBook, "look">;
  /** Of the second source. */
  outcomes: Record<LongResolution, Pick<ProgressBook, "look">>;
  now(): number;
}

/** The story of one route. */
export type Answering = (request: HttpRequest, steps: MetricsApiSteps) => Promise<HttpAnswer>;
