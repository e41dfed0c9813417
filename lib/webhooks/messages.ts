import * as v from "valibot";
import { deterministicId } from "../contacts/attempt.ts";
import type { DialDefaults } from "../contacts/call-request.ts";
import { type ContactKind, checkMessage, contactKinds, type FitMessage } from "../intake/message.ts";

export type Checked =
  | { kind: "fit"; messages: FitMessage<ContactKind>[] }
  /** Each problem names the place and the rule, never a value. */
  | { kind: "unfit"; problems: string[] };

/** What a message may leave out is derived from these: the same webhook always makes the same messages. */
export interface Origin {
  webhookKey: string;
  /** Epoch milliseconds, as the sender signed them. */
  signedAt?: number | undefined;
}

const mostMessages = 100;
const mostProblems = 50;

const typed = v.looseObject({ type: v.picklist(contactKinds) });

/** All of them or none. */
export function checkMessages(
  inputs: unknown[],
  origin: Origin,
  defaults: DialDefaults,
  now: number,
): Checked {
  if (inputs.length > mostMessages)
    return { kind: "unfit", problems: [`messages must be at most ${mostMessages}`] };
  const messages: FitMessage<ContactKind>[] = [];
  const problems: string[] = [];
  for (const [index, input] of inputs.entries()) {
    const parsed = v.safeParse(typed, input);
    if (!parsed.success) {
      problems.push(`messages[${index}].type must be one of ${contactKinds.join(", ")}`);
      continue;
    }
    const { type, ...fields } = parsed.output;
    const checked = checkMessage(type, { ...derived(type, index, origin), ...fields }, defaults, now);
    if (checked.kind === "fit") messages.push(checked.message);
    else problems.push(...checked.problems.map((problem) => placed(index, problem)));
  }
  if (problems.length === 0) return { kind: "fit", messages };
  return { kind: "unfit", problems: problems.slice(0, mostProblems) };
}

/** For a call request nothing is: whoever wants a call says which one. */
function derived(type: ContactKind, index: number, { webhookKey, signedAt }: Origin): object {
  const id = deterministicId(`webhook/${webhookKey}/${index}`);
  if (type === "call-request") return {};
  if (type === "stop-request") return { stopId: id };
  const occurredAt = signedAt === undefined ? {} : { occurredAt: new Date(signedAt).toISOString() };
  return { updateId: id, ...occurredAt };
}

/** Most problems begin with the field that they are about. */
const placed = (index: number, problem: string): string =>
  /^(the message|there) /.test(problem) ? `messages[${index}]: ${problem}` : `messages[${index}].${problem}`;
