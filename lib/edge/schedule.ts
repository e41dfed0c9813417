import type { Context } from "aws-lambda";
import { count, loggable, logger } from "./log.ts";

interface Run {
  failures: { requestId?: string; error: unknown }[];
}

/** Kept back for what is under way when the time is up. */
const reserveMs = 10_000;

/** A function of a schedule: counts what it did, and reports each failure without stopping for it. */
export function onSchedule<Result extends Run>(
  story: (mustEndBy: number, event: unknown) => Promise<Result>,
): (event: unknown, context: Context) => Promise<Omit<Result, "failures"> & { failures: number }> {
  return async (event, context) => {
    const mustEndBy = Date.now() + context.getRemainingTimeInMillis() - reserveMs;
    const { failures, ...did } = await story(mustEndBy, event);
    for (const { requestId, error } of failures) {
      logger.error("A part of the run failed; the next run tries it again", {
        requestId,
        ...loggable(error),
      });
    }
    for (const [what, howMany] of Object.entries(did)) count(what, Number(howMany));
    count("failures", failures.length);
    logger.info("The run is over", { ...did, failures: failures.length });
    return { ...did, failures: failures.length };
  };
}
