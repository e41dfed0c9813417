import { failureOf } from "./failure.ts";
import { answerTo, isOnTheWay } from "./start-errors.ts";
import { UserError, type UserOperation } from "./users.ts";

/** Where the operations on users differ from those on calls. */
const own: Readonly<Record<string, UserError["kind"]>> = {
  ResourceNotFoundException: "not-found",
  DuplicateResourceException: "duplicate",
  // The instance has as many users as it may have.
  LimitExceededException: "refused",
};

/** @returns the error itself where asking again cannot help, such as a right that is missing */
export function userErrorOf(operation: UserOperation, error: unknown): unknown {
  const failure = failureOf(error);
  const kind = own[failure.name] ?? kindOf(failure);
  if (kind === undefined) return error;
  const status = failure.status === undefined ? "" : ` HTTP ${failure.status}`;
  return new UserError(kind, operation, `${operation}: ${failure.name}${status}`);
}

function kindOf(failure: ReturnType<typeof failureOf>): UserError["kind"] | undefined {
  const answer = answerTo(failure);
  if (answer.kind === "refused") return "refused";
  if (answer.kind === "not-now" && answer.why === "not-authorised") return undefined;
  if (answer.kind === "not-now") return answer.why === "unreachable" ? "unclear" : "rate";
  return isOnTheWay(failure) ? "unclear" : undefined;
}
