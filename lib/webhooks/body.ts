import { flawIn, forbiddenKeys, type JsonFlaw } from "./json.ts";
import type { contentTypes } from "./source.ts";

/** Why a body cannot be read: closed words, for the log and for the answer. */
export type BodyFlaw = JsonFlaw | "not-utf8" | "byte-order-mark" | "not-json" | "not-a-form";

export type BodyReading = { kind: "read"; value: unknown } | { kind: "unreadable"; why: BodyFlaw };

const unreadable = (why: BodyFlaw): BodyReading => ({ kind: "unreadable", why });

/** @returns a form's fields as an object of strings */
export function readBody(body: Buffer, contentType: (typeof contentTypes)[number]): BodyReading {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return unreadable("not-utf8");
  }
  if (text.startsWith("\uFEFF")) return unreadable("byte-order-mark");
  return contentType === "application/json" ? readJson(text) : readForm(text);
}

function readJson(text: string): BodyReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable("not-json");
  }
  const flaw = flawIn(text);
  return flaw ? unreadable(flaw) : { kind: "read", value };
}

function readForm(text: string): BodyReading {
  const fields = new Map<string, string>();
  for (const pair of text.split("&").filter((pair) => pair !== "")) {
    const [name = "", ...rest] = pair.split("=");
    const key = decoded(name);
    const value = decoded(rest.join("="));
    if (key === undefined || value === undefined) return unreadable("not-a-form");
    if (forbiddenKeys.has(key)) return unreadable("forbidden-key");
    if (fields.has(key)) return unreadable("repeated-key");
    fields.set(key, value);
  }
  return { kind: "read", value: Object.fromEntries(fields) };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
