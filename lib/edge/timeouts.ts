/** Milliseconds. A request timeout that does not throw is only a line in the log. */
export const timeouts = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };
/** For objects of some megabytes. */
export const uploadTimeouts = { ...timeouts, requestTimeout: 20_000 };
export const dialTimeouts = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/** For one POST to a subscriber, the look-up of its name included. */
export const deliveryTimeoutMs = 5_000;

/**
 * What must be left of an invocation for a call to be begun: a claim that needs a second try, the call at its slowest, its
 * record and its notice.
 */
export const callBudgetMs = 12_000;
