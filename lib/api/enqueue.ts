import { type HttpAnswer, unavailable } from "../http/http.ts";
import { type ContactKind, checkMessage } from "../intake/message.ts";
import { unfit } from "./input.ts";
import type { ApiSteps } from "./steps.ts";

/** @param ids what the answer names, once the message is in its queue */
export async function enqueue(
  kind: ContactKind,
  message: object,
  ids: object,
  { intake, defaults, now }: ApiSteps,
): Promise<HttpAnswer> {
  const checked = checkMessage(kind, message, defaults, now());
  if (checked.kind === "unfit") return unfit(checked.problems);
  const [taken] = await intake.put([checked.message]);
  return taken ? { status: 202, body: ids } : unavailable();
}
