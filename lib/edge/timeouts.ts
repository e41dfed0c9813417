/** Milliseconds. A request timeout that does not throw is only a line in the log. */
export const timeouts = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };
export const dialTimeouts = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/**
 * What must be left of an invocation for a call to be begun: a claim that needs a second try, the call at its slowest, its
 * record and its notice.
 */
export const callBudgetMs = 12_000;
