import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

export const logger = new Logger();
export const metrics = new Metrics();

/** Counts what came of the items of one invocation, as one line in CloudWatch's embedded metric format. */
export function count(name: string, howMany = 1): void {
  if (howMany > 0) metrics.addMetric(name, MetricUnit.Count, howMany);
}

/**
 * What may be logged of an error: never its message, which may quote a phone number, an attribute or a message body.
 */
export function loggable(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const { $metadata, code } = error as Error & { $metadata?: Record<string, unknown>; code?: unknown };
  return {
    error: error.name,
    ...(typeof code === "string" && { code }),
    ...($metadata && { status: $metadata["httpStatusCode"], awsRequestId: $metadata["requestId"] }),
    at: error.stack
      ?.split("\n")
      .filter((line) => line.startsWith("    at "))
      .slice(0, 8),
  };
}
