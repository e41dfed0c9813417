import { onHttp } from "../../lib/edge/http.ts";
import { metrics as counts, logger } from "../../lib/edge/log.ts";
import type { Progress } from "../../lib/metrics/progress.ts";
import { answerMetrics, metricsRoutes } from "../../lib/metrics/reading/routes.ts";
import { type Answer, context, eventOf } from "./api-world.ts";
import { MetricsInMemory } from "./metrics-in-memory.ts";
import { ProgressBookInMemory } from "./progress-book-in-memory.ts";

const allRead: Progress = {
  since: "2026-11-01T00:00:00.000Z",
  readUntil: "2026-11-24T12:00:00.000Z",
  amendable: [],
  gaps: [],
};

/** The routes of metrics behind the very shell of the function, with the table in memory. */
export class MetricsApiWorld {
  time = Date.parse("2026-11-24T12:00:30Z");
  readonly metrics = new MetricsInMemory();
  readonly progress = new ProgressBookInMemory(() => this.time);
  readonly outcomes = {
    "1h": new ProgressBookInMemory(() => this.time),
    "1d": new ProgressBookInMemory(() => this.time),
  };

  constructor() {
    logger.setLogLevel("SILENT");
    this.progress.progress = allRead;
  }

  /** @param target path and query string */
  async get(target: string, headers: Record<string, string> = {}): Promise<Answer> {
    const event = eventOf("GET", target, { headers }, Object.keys(metricsRoutes));
    const { metrics, progress, outcomes } = this;
    const steps = { metrics, progress, outcomes, now: () => this.time };
    const answer = await onHttp((request) => answerMetrics(request, steps))(event, context);
    counts.clearMetrics();
    const { statusCode = 0, headers: sent = {}, body = "" } = answer;
    const isJson = String(sent["content-type"]).includes("json");
    return {
      status: statusCode,
      headers: sent,
      body: isJson ? JSON.parse(body) : body,
      routeKey: event.routeKey,
    };
  }
}
