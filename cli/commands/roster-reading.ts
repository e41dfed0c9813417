import { UserError } from "../../lib/connect/users.ts";
import type { Rate } from "../../lib/pacing/rate.ts";
import { estimateMs, saidOf } from "../../lib/roster/plan/estimate.ts";
import { CannotPlan } from "../../lib/roster/plan/plan-unmanaged.ts";
import type { ReadSteps } from "../../lib/roster/plan/present-users.ts";
import { Failure } from "../failure.ts";
import { note } from "../print.ts";
import { progressBar } from "../progress-bar.ts";

/**
 * Shows how far the reading is. Whatever comes of it, the bar is gone before anything else is said.
 * @throws Failure in place of what Connect says
 */
export async function withReadingBar<Result>(
  rate: Rate,
  read: (progress: ReadSteps["progress"]) => Promise<Result>,
): Promise<Result> {
  const bar = progressBar("reading users one by one");
  try {
    return await read((done, of) => {
      if (done === 0) announce(of, rate);
      bar.show(done, of);
    });
  } catch (error) {
    throw inWords(error);
  } finally {
    bar.end();
  }
}

/** Whoever reads a large roster should know beforehand what is ahead. */
function announce(count: number, rate: Rate): void {
  const ms = estimateMs(new Map([["DescribeUser", count]]), rate);
  if (ms > 10_000) note(`To read ${count} users one by one takes ${saidOf(ms)}.`);
}

const meanings = {
  "not-found": "Connect knows no such instance: check CONNECT_INSTANCE_ID, and AWS_REGION.",
  unclear: "Connect gives no clear answer: try again later.",
  refused: "Connect refuses to tell.",
  duplicate: "Connect refuses to tell.",
  rate: "Connect is asked too much: try again later.",
} satisfies Record<UserError["kind"], string>;

function inWords(error: unknown): unknown {
  if (error instanceof CannotPlan) return new Failure("settings", error.message);
  if (error instanceof UserError) return new Failure("aws", `${meanings[error.kind]} (${error.message})`);
  return error;
}
