/**
 * Which messages a function says it could not deal with, by Lambda's rules for ReportBatchItemFailures.
 * @param result what the function returned
 * @param messageIds of the batch
 * @returns "all" where Lambda takes the answer for a failure of the whole batch
 */
export function failuresIn(result: unknown, messageIds: string[]): string[] | "all" {
  // Silence is success.
  if (result === null || result === undefined) return [];
  if (typeof result !== "object") return "all";
  const { batchItemFailures } = result as { batchItemFailures?: unknown };
  if (batchItemFailures === null || batchItemFailures === undefined) return [];
  if (!Array.isArray(batchItemFailures)) return "all";
  const ids = batchItemFailures.map((failure: unknown) =>
    typeof failure === "object" && failure !== null
      ? (failure as { itemIdentifier?: unknown }).itemIdentifier
      : undefined,
  );
  return ids.every((id): id is string => typeof id === "string" && messageIds.includes(id)) ? ids : "all";
}
