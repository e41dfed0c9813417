import type { AttributeUpdate } from "../../lib/contacts/attribute-update.ts";
import type { StopRequest } from "../../lib/contacts/stop-request.ts";

export interface CallBody {
  requestId: string;
  destination: string;
  attributes?: Record<string, string>;
  [field: string]: unknown;
}

/** `at`: milliseconds since the beginning of the run. */
export type PlannedMessage = { at: number } & (
  | { kind: "call"; body: CallBody }
  /** `byContact`: names the contact instead of the request, once the producer knows it. */
  | { kind: "stop"; stop: StopRequest; byContact: boolean }
  | { kind: "update"; update: Omit<AttributeUpdate, "occurredAt">; agedMs: number; byContact: boolean }
  /** Nobody can read it. */
  | { kind: "poison"; queue: "call-requests" | "stop-requests" | "attribute-updates"; body: string }
);

export type PlannedCall = Extract<PlannedMessage, { kind: "call" }>;
