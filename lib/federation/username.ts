import type { Caller } from "../http/http.ts";

/** What STS takes for the name of a session. */
const sessionName = /^[\w+=,.@-]{2,64}$/;
/** The session of a role, or an IAM user with its path. A federated user of STS has a name of the caller's own choice. */
const named = /^arn:[\w-]+:(?:sts::\d+:assumed-role\/[^/]+|iam::\d+:user(?:\/.+)?)\/([^/]+)$/;

/**
 * @param claim of a token, which has the name of the Connect user
 * @returns undefined for a caller without a name, and for a name that no session can have
 */
export function usernameOf(caller: Caller | undefined, claim: string): string | undefined {
  const name = caller && nameIn(caller, claim);
  return typeof name === "string" && sessionName.test(name) ? name : undefined;
}

const nameIn = (caller: Caller, claim: string): unknown =>
  caller.kind === "token" ? caller.claims[claim] : named.exec(caller.arn)?.[1];
