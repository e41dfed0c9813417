import type { CallFailure } from "./start-errors.ts";

/** What an error of the AWS SDK tells of a failed call. */
export function failureOf(error: unknown): CallFailure {
  if (!(error instanceof Error)) return { name: "unknown" };
  const { $metadata, code } = error as Error & { $metadata?: { httpStatusCode?: number }; code?: unknown };
  return {
    name: error.name,
    status: $metadata?.httpStatusCode,
    code: typeof code === "string" ? code : undefined,
  };
}
