import { failureOf } from "./failure.ts";
import type { MetricsAnswer, QueueValues } from "./queue-metrics.ts";
import { answerTo, isOnTheWay } from "./start-errors.ts";

/** JSON has no number for a share of nothing, and the SDK takes "NaN" for one, which no table can hold. */
export const known = (value: number | undefined): number | null =>
  Number.isFinite(value) ? (value ?? null) : null;

/** @throws where asking again cannot help */
export async function answered(
  token: string | undefined,
  ask: () => Promise<{ rows: QueueValues[]; snapshotAt?: number; next: string | undefined }>,
): Promise<MetricsAnswer> {
  try {
    const { next, ...page } = await ask();
    return { kind: "page", ...page, ...(next !== undefined && { next }) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.name === "ResourceNotFoundException") return { kind: "unknown-queue" };
    const answer = answerTo(failure);
    if (answer.kind === "refused" && token !== undefined) return { kind: "token-gone" };
    if (answer.kind === "not-now" && answer.why !== "not-authorised") {
      return { kind: answer.why === "unreachable" ? "unclear" : "too-fast" };
    }
    if (answer.kind === "unclear" && isOnTheWay(failure)) return { kind: "unclear" };
    throw error;
  }
}
