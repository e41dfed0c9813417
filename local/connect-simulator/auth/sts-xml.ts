import { randomUUID } from "node:crypto";
import type { WireError } from "../wire/wire-error.ts";

/** `body` is XML, to be sent as text/xml. */
export type StsAnswer = { status: number; body: string; requestId: string; error?: WireError };

/** An element for each member, in their order; a text or elements within. */
export type Xml = { [element: string]: string | Xml };

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

export function stsSuccess(action: string, result: Xml): StsAnswer {
  const requestId = randomUUID();
  const content = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return { status: 200, body: documentOf(`${action}Response`, content), requestId };
}

export function stsFailure(error: WireError): StsAnswer {
  const requestId = randomUUID();
  const content = {
    Error: { Type: "Sender", Code: error.type, Message: error.message },
    RequestId: requestId,
  };
  return { status: error.status, body: documentOf("ErrorResponse", content), requestId, error };
}

const documentOf = (name: string, content: Xml): string =>
  `<${name} xmlns="${namespace}">${elements(content)}</${name}>\n`;

const elements = (content: Xml): string =>
  Object.entries(content)
    .map(
      ([name, value]) => `<${name}>${typeof value === "string" ? escaped(value) : elements(value)}</${name}>`,
    )
    .join("");

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

// XML has no way to write most control characters, nor half of a surrogate pair.
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\t\n\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\u{fffd}")
    .replace(/[&<>"]/g, (character) => entities[character] ?? "");
