/** ISO 8601 of epoch milliseconds. */
export const iso = (at: number): string => new Date(at).toISOString();
