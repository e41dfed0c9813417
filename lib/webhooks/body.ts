import { forbiddenKeys, type JsonFlaw, readJson, readText } from "../http/json.ts";
import type { contentTypes } from "./source.ts";

/** Why a body cannot be read: closed words, for the log and for the answer. */
export type BodyFlaw = JsonFlaw | "not-a-form";

export type BodyReading = { kind: "read"; value: unknown } | { kind: "unreadable"; why: BodyFlaw };

const unreadable = (why: BodyFlaw): BodyReading => ({ kind: "unreadable", why });

/** @returns a form's fields as an object of strings */
export const readBody = (body: Buffer, contentType: (typeof contentTypes)[number]): BodyReading =>
  contentType === "application/json" ? readJson(body) : readForm(body);

function readForm(body: Buffer): BodyReading {
  const reading = readText(body);
  if (reading.kind === "unreadable") return reading;
  const fields = new Map<string, string>();
  for (const pair of reading.value.split("&").filter((pair) => pair !== "")) {
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
