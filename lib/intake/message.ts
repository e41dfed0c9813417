import * as v from "valibot";
import { attributeUpdateSchema, groupOf } from "../contacts/attribute-update.ts";
import { type DialDefaults, readCallRequest } from "../contacts/call-request.ts";
import { problemOf } from "../contacts/message-fields.ts";
import { stopRequestSchema } from "../contacts/stop-request.ts";

/** What producers may ask for, each by its queue. */
export const kinds = ["call-request", "stop-request", "attribute-update"] as const;
export type MessageKind = (typeof kinds)[number];

/** A message that its queue can take, and that whoever reads it will understand. */
export interface FitMessage {
  kind: MessageKind;
  /** requestId, stopId or updateId. */
  id: string;
  body: string;
  /** Of the FIFO queue: updates of one contact come one after the other. */
  group?: string;
}

export type Checked =
  | { kind: "fit"; message: FitMessage }
  /** Each problem names the place and the rule, never the value. `id` is given where it is readable. */
  | { kind: "unfit"; id?: string; problems: string[] };

/** UTF-8 bytes; SQS takes more, SNS and the queues of others do not. */
export const longestMessageInBytes = 262_144;

/**
 * Whether the service would take this message, by the very schemas that it reads it with.
 * @param input as parsed from JSON
 * @param defaults what a call request may leave out, from the settings of the deployment
 * @param now epoch milliseconds
 */
export function checkMessage(
  kind: MessageKind,
  input: unknown,
  defaults: DialDefaults,
  now: number,
): Checked {
  const body = JSON.stringify(input) ?? "";
  if (Buffer.byteLength(body) > longestMessageInBytes)
    return unfit(kind, input, [`the message is longer than ${longestMessageInBytes} bytes`]);
  switch (kind) {
    case "call-request": {
      const reading = readCallRequest(body, defaults, now);
      if (reading.kind === "request") return fits(kind, reading.requestId, body);
      return unfit(kind, input, reading.kind === "wrong" ? reading.problems : [reading.why]);
    }
    case "stop-request": {
      const parsed = v.safeParse(stopRequestSchema, input);
      if (parsed.success) return fits(kind, parsed.output.stopId, body);
      return unfit(kind, input, problemsIn(parsed.issues));
    }
    case "attribute-update": {
      const parsed = v.safeParse(attributeUpdateSchema, input);
      if (parsed.success) return fits(kind, parsed.output.updateId, body, groupOf(parsed.output));
      return unfit(kind, input, problemsIn(parsed.issues));
    }
  }
}

const idNames = {
  "call-request": "requestId",
  "stop-request": "stopId",
  "attribute-update": "updateId",
} satisfies Record<MessageKind, string>;

const fits = (kind: MessageKind, id: string, body: string, group?: string): Checked => ({
  kind: "fit",
  message: { kind, id, body, ...(group !== undefined && { group }) },
});

function unfit(kind: MessageKind, input: unknown, problems: string[]): Checked {
  const name = idNames[kind];
  const id: unknown = typeof input === "object" && input !== null && Reflect.get(input, name);
  return { kind: "unfit", ...(typeof id === "string" && { id: id.slice(0, 128) }), problems };
}

const problemsIn = (issues: v.BaseIssue<unknown>[]): string[] =>
  [...new Set(issues.map(problemOf))].slice(0, 20).map((problem) => problem.slice(0, 300));
