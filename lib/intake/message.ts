import * as v from "valibot";
import { groupOf, readAttributeUpdate } from "../contacts/attribute-update.ts";
import { type DialDefaults, readCallRequest } from "../contacts/call-request.ts";
import { id as idSchema, problemOf } from "../contacts/message-fields.ts";
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
export function checkMessage(
  kind: MessageKind,
  input: unknown,
  defaults: DialDefaults,
  now: number,
): Checked {
  const body = bodyOf(input);
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
      const reading = readAttributeUpdate(body, now);
      if (reading.kind === "update")
        return fits(kind, reading.update.updateId, body, groupOf(reading.update));
      if (reading.kind === "send") return unfit(kind, input, ["there is no usable updateId"]);
      return unfit(kind, input, reading.kind === "wrong" ? reading.problems : [reading.why]);
    }
  }
}

/** SQS takes no U+FFFE and U+FFFF, which JSON does, and an emulator nothing beyond U+FFFF: escaped they are the same JSON to all. */
const refusedBySqs = /[\uD800-\uDFFF\uFFFE\uFFFF]/g;

const bodyOf = (input: unknown): string =>
  (JSON.stringify(input) ?? "").replace(
    refusedBySqs,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );

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
  return { kind: "unfit", ...(v.is(idSchema, id) && { id }), problems };
}

const problemsIn = (issues: v.BaseIssue<unknown>[]): string[] =>
  [...new Set(issues.map(problemOf))].slice(0, 20).map((problem) => problem.slice(0, 300));
