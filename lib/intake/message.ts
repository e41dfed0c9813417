import * as v from "valibot";
import { groupOf, readAttributeUpdate } from "../contacts/attribute-update.ts";
import { type DialDefaults, readCallRequest } from "../contacts/call-request.ts";
import { id as idSchema, problemsOf } from "../contacts/message-fields.ts";
import { stopRequestSchema } from "../contacts/stop-request.ts";
import { parseUserCommand } from "../roster/user-command.ts";
import { textForSqs } from "./text-for-sqs.ts";

/** What is about contacts: all that webhooks and the HTTP API may ask for. */
export const contactKinds = ["call-request", "stop-request", "attribute-update"] as const;
export type ContactKind = (typeof contactKinds)[number];

/** What producers may ask for, each by its queue. */
export const kinds = [...contactKinds, "user-command"] as const;
export type MessageKind = (typeof kinds)[number];

/** A message that its queue can take, and that whoever reads it will understand. */
export interface FitMessage<Kind extends MessageKind = MessageKind> {
  kind: Kind;
  /** requestId, stopId, updateId or commandId. */
  id: string;
  body: string;
  /** Of a FIFO queue: updates of one contact, and commands of one user, come one after the other. */
  group?: string;
}

export type Checked<Kind extends MessageKind = MessageKind> =
  | { kind: "fit"; message: FitMessage<Kind> }
  /** Each problem names the place and the rule, never the value. `id` is given where it is a usable one. */
  | { kind: "unfit"; id?: string; problems: string[] };

/** UTF-8 bytes; SQS takes more, SNS and the queues of others do not. */
export const longestMessageInBytes = 262_144;

/**
 * Whether the service would take this message, by the very schemas that it reads it with.
 * @param input as parsed from JSON
 * @param defaults what a call request may leave out, from the settings of the deployment
 * @param now epoch milliseconds
 */
export function checkMessage<Kind extends MessageKind>(
  kind: Kind,
  input: unknown,
  defaults: DialDefaults,
  now: number,
): Checked<Kind> {
  const body = textForSqs(input);
  if (Buffer.byteLength(body) > longestMessageInBytes)
    return unfit(kind, input, [`the message is longer than ${longestMessageInBytes} bytes`]);
  const reading = readingOf(kind, input, body, defaults, now);
  if ("problems" in reading) return unfit(kind, input, reading.problems);
  return { kind: "fit", message: { kind, body, ...reading } };
}

function readingOf(
  kind: MessageKind,
  input: unknown,
  body: string,
  defaults: DialDefaults,
  now: number,
): Pick<FitMessage, "id" | "group"> | { problems: string[] } {
  switch (kind) {
    case "call-request": {
      const reading = readCallRequest(body, defaults, now);
      if (reading.kind === "request") return { id: reading.requestId };
      return { problems: reading.kind === "wrong" ? reading.problems : [reading.why] };
    }
    case "stop-request": {
      const parsed = v.safeParse(stopRequestSchema, input);
      return parsed.success ? { id: parsed.output.stopId } : { problems: problemsIn(parsed.issues) };
    }
    case "attribute-update": {
      const reading = readAttributeUpdate(body, now);
      if (reading.kind === "update") return { id: reading.update.updateId, group: groupOf(reading.update) };
      if (reading.kind === "send") return { problems: ["there is no usable updateId"] };
      return { problems: reading.kind === "wrong" ? reading.problems : [reading.why] };
    }
    case "user-command": {
      const parsed = parseUserCommand(input);
      if (!parsed.success) return { problems: problemsIn(parsed.issues) };
      return { id: parsed.output.commandId, group: parsed.output.username };
    }
  }
}

const idNames = {
  "call-request": "requestId",
  "stop-request": "stopId",
  "attribute-update": "updateId",
  "user-command": "commandId",
} satisfies Record<MessageKind, string>;

function unfit(kind: MessageKind, input: unknown, problems: string[]): Checked & { kind: "unfit" } {
  const name = idNames[kind];
  const id: unknown = typeof input === "object" && input !== null && Reflect.get(input, name);
  return { kind: "unfit", ...(v.is(idSchema, id) && { id }), problems };
}

const problemsIn = (issues: v.BaseIssue<unknown>[]): string[] =>
  problemsOf(issues).map((problem) => problem.slice(0, 300));
