import { createHash } from "node:crypto";

/** Who sends a request, as GetCallerIdentity would say it. */
export type Caller = {
  arn: string;
  userId: string;
  accountId: string;
  /** Null unless the caller is an assumed role. */
  sessionName: string | null;
  root?: boolean;
};

export type Key = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  caller: Caller;
  /** Epoch milliseconds. */
  expiresAt?: number;
};

export function userCaller(accountId: string, userName: string): Caller {
  const arn = `arn:aws:iam::${accountId}:user/${userName}`;
  return { arn, userId: uniqueId("AIDA", arn), accountId, sessionName: null };
}

export const rootCaller = (accountId: string): Caller => ({
  arn: `arn:aws:iam::${accountId}:root`,
  userId: accountId,
  accountId,
  sessionName: null,
  root: true,
});

/** The path of the role is not part of the session's ARN. */
export function roleCaller(accountId: string, roleArn: string, sessionName: string): Caller {
  const roleName = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  return {
    arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    userId: `${uniqueId("AROA", roleArn)}:${sessionName}`,
    accountId,
    sessionName,
  };
}

/** Stands for a sender that nothing is known of, when signatures are not checked. */
export const anonymousCaller = (accountId: string): Caller => userCaller(accountId, "anonymous");

/** 21 characters as IAM's ids have them, the same for the same ARN. */
function uniqueId(prefix: string, arn: string): string {
  return prefix + base32(createHash("sha256").update(arn).digest().subarray(0, 17));
}

/** One character of IAM's alphabet for each byte. */
export const base32 = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte % 32]).join("");
