import { splitTarget } from "../wire/http.ts";
import { WireError } from "../wire/wire-error.ts";
import type { Caller } from "./caller.ts";
import type { KeyRing } from "./key-ring.ts";
import { type StsAnswer, stsFailure, stsSuccess, type Xml } from "./sts-xml.ts";

export type StsRequest = { method: string; target: string; body: string };

const version = "2011-06-15";
/** Seconds. */
const defaultDuration = 3600;
const chainedDuration = 3600;

/** Whether the request is for STS: of the path `/`, with an Action. No operation of Connect has that path. */
export const isStsRequest = (request: StsRequest): boolean =>
  splitTarget(request.target).path === "/" && parametersOf(request).has("Action");

/** Carries out AssumeRole or GetCallerIdentity of AWS's Query protocol. */
export function answerSts(request: StsRequest, caller: Caller, keys: KeyRing): StsAnswer {
  const parameters = parametersOf(request);
  const action = parameters.get("Action") ?? "";
  try {
    if (parameters.get("Version") === version) {
      if (action === "GetCallerIdentity") return stsSuccess(action, callerIdentity(caller));
      if (action === "AssumeRole") return stsSuccess(action, assumedRole(parameters, caller, keys));
    }
    const given = parameters.get("Version") ?? "NO_VERSION_SPECIFIED";
    throw new WireError("InvalidAction", 400, `Could not find operation ${action} for version ${given}`);
  } catch (error) {
    if (error instanceof WireError) return stsFailure(error);
    throw error;
  }
}

/** A refusal of the signature, by the name that STS has for it. */
export function refuseSts(error: WireError): StsAnswer {
  return stsFailure(new WireError(stsNames[error.type] ?? error.type, error.status, error.message));
}

const stsNames: Record<string, string> = {
  MissingAuthenticationTokenException: "MissingAuthenticationToken",
  IncompleteSignatureException: "IncompleteSignature",
  InvalidSignatureException: "SignatureDoesNotMatch",
  UnrecognizedClientException: "InvalidClientTokenId",
  ExpiredTokenException: "ExpiredToken",
};

function parametersOf({ method, target, body }: StsRequest): URLSearchParams {
  const parameters = new URLSearchParams(splitTarget(target).query);
  if (method === "POST")
    for (const [name, value] of new URLSearchParams(body)) parameters.append(name, value);
  return parameters;
}

const callerIdentity = ({ userId, accountId, arn }: Caller): Xml => ({
  Arn: arn,
  UserId: userId,
  Account: accountId,
});

function assumedRole(parameters: URLSearchParams, caller: Caller, keys: KeyRing): Xml {
  const roleArn = parameters.get("RoleArn");
  const sessionName = parameters.get("RoleSessionName");
  const duration = parameters.get("DurationSeconds");
  check([
    ...problems("roleArn", roleArn, 20, 2048),
    ...problems("roleSessionName", sessionName, 2, 64, /^[\w+=,.@-]*$/),
    ...durationProblems(duration),
  ]);
  if (roleArn === null || sessionName === null) throw validation("RoleArn and RoleSessionName are required");
  const durationSeconds = duration === null ? defaultDuration : Number(duration);
  checkRole(roleArn, caller, keys.accountId);
  if (caller.sessionName !== null && durationSeconds > chainedDuration) {
    throw validation(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  }
  const key = keys.issue({ roleArn, sessionName, durationSeconds });
  return {
    AssumedRoleUser: { AssumedRoleId: key.caller.userId, Arn: key.caller.arn },
    Credentials: {
      AccessKeyId: key.accessKeyId,
      SecretAccessKey: key.secretAccessKey,
      SessionToken: key.sessionToken,
      Expiration: new Date(key.expiresAt).toISOString().replace(".000Z", "Z"),
    },
  };
}

function checkRole(roleArn: string, caller: Caller, accountId: string): void {
  const account = /^arn:aws:iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?[\w+=,.@-]{1,64}$/.exec(roleArn)?.[1];
  if (account === undefined) throw validation(`${roleArn} is invalid`);
  if (caller.root === true) {
    throw new WireError("AccessDenied", 403, "Roles may not be assumed by root accounts.");
  }
  if (account !== accountId) {
    const message = `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    throw new WireError("AccessDenied", 403, message);
  }
}

const validation = (message: string) => new WireError("ValidationError", 400, message);

function check(found: readonly string[]): void {
  if (found.length === 0) return;
  const count = found.length === 1 ? "1 validation error" : `${found.length} validation errors`;
  throw validation(`${count} detected: ${found.join("; ")}`);
}

function problems(
  member: string,
  value: string | null,
  least: number,
  most: number,
  pattern?: RegExp,
): string[] {
  const failed = (rule: string) =>
    `Value ${value === null ? "null" : `'${value}'`} at '${member}' failed to satisfy constraint: Member must ${rule}`;
  if (value === null) return [failed("not be null")];
  return [
    ...(value.length < least ? [failed(`have length greater than or equal to ${least}`)] : []),
    ...(value.length > most ? [failed(`have length less than or equal to ${most}`)] : []),
    ...(pattern?.test(value) === false ? [failed("satisfy regular expression pattern: [\\w+=,.@-]*")] : []),
  ];
}

function durationProblems(text: string | null): string[] {
  if (text === null) return [];
  const failed = (rule: string) =>
    `Value '${text}' at 'durationSeconds' failed to satisfy constraint: Member must ${rule}`;
  if (!/^-?\d+$/.test(text)) return [failed("be an integer")];
  if (Number(text) < 900) return [failed("have value greater than or equal to 900")];
  return Number(text) > 43_200 ? [failed("have value less than or equal to 43200")] : [];
}
