/** What a shell, or a program, is told by the exit code. */
export const exitCodes = {
  ok: 0,
  /** Not found, or not done. */
  failed: 1,
  usage: 2,
  /** The request's present state does not allow it: nothing was done. */
  conflict: 3,
} as const;

type Kind = "not-found" | "settings" | "invalid" | "aws" | "conflict" | "usage";

/** An end that was foreseen, with a message that says what to do. */
export class Failure extends Error {
  readonly kind: Kind;

  constructor(kind: Kind, message: string) {
    super(message);
    this.kind = kind;
  }

  get exitCode(): number {
    if (this.kind === "usage") return exitCodes.usage;
    return this.kind === "conflict" ? exitCodes.conflict : exitCodes.failed;
  }
}

type AwsError = Error & { code?: unknown; $metadata?: { httpStatusCode?: number } };

/** What an error of the SDK means to somebody at a terminal. */
const meanings: { when(error: AwsError): boolean; say: string }[] = [
  {
    when: ({ message }) => message.includes("Region is missing"),
    say: "No region is set: set AWS_REGION, or name a profile that has one with AWS_PROFILE.",
  },
  {
    when: ({ name }) => name === "CredentialsProviderError",
    say: "There are no AWS credentials: set AWS_PROFILE or sign in (aws sso login). For the local stack, source .local/stack.env.",
  },
  {
    when: ({ name }) =>
      /^(ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch)/.test(
        name,
      ),
    say: "AWS does not take these credentials: sign in again (aws sso login), or check AWS_PROFILE.",
  },
  {
    when: ({ name }) => /^(AccessDenied|AuthorizationError)/.test(name),
    say: "These credentials do not allow it: cli/README.md lists what each command needs.",
  },
  {
    when: ({ name }) => name === "ResourceNotFoundException",
    say: "There is no such table here: check CONTACTS_TABLE, or --stage, and AWS_REGION.",
  },
  {
    when: ({ name }) => name === "QueueDoesNotExist" || name.endsWith("NonExistentQueue"),
    say: "There is no such queue here: check the queue's URL, or --stage, and AWS_REGION.",
  },
  {
    when: ({ code }) => code === "ECONNREFUSED" || code === "ENOTFOUND",
    say: "Nothing answers there: is the local stack running (npm start), or AWS_ENDPOINT_URL_* left over from it?",
  },
  {
    when: ({ name }) => name === "ValiError",
    say: "A record is not as this version of the service writes it: use the version that is deployed.",
  },
];

/** Foreseen or not, as a failure. Names only where it was not: messages may quote what was sent. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof Error)) return new Failure("aws", "Something failed that is not even an error.");
  const failure = error as AwsError;
  const known = meanings.find(({ when }) => when(failure));
  const status = failure.$metadata?.httpStatusCode;
  const details = [failure.name, failure.code, status && `HTTP ${status}`].filter(Boolean).join(", ");
  return new Failure("aws", `${known?.say ?? "It failed, and nothing more is known."} (${details})`);
}
