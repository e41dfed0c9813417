import * as v from "valibot";
import type { HttpRequest } from "../http/http.ts";
import type { Mapped } from "./mapping.ts";
import type { Source } from "./source.ts";

export type Translation =
  /** In the order of the body. None: what happened is none of our business. */
  | { kind: "translated"; messages: unknown[] }
  | Extract<Mapped, { kind: "not-mapped" }>
  | { kind: "unfit"; problems: string[] };

const several = v.strictObject({ messages: v.pipe(v.array(v.unknown()), v.minLength(1)) });

/** `{ "messages": [ … ] }` or a single message: of the body itself, or of what the source's mapping makes of it. */
export async function translate(
  body: unknown,
  { headers }: Pick<HttpRequest, "headers">,
  source: Source,
): Promise<Translation> {
  if (!source.mapping) return ours(body);
  const chosen = Object.entries(headers).filter(([name]) => source.headers.includes(name));
  const mapped = await source.mapping(body, Object.fromEntries(chosen));
  return mapped.kind === "mapped" ? { kind: "translated", messages: listOf(mapped.value) } : mapped;
}

function ours(body: unknown): Translation {
  if (!hasMessages(body)) return { kind: "translated", messages: [body] };
  const parsed = v.safeParse(several, body);
  if (parsed.success) return { kind: "translated", messages: parsed.output.messages };
  return {
    kind: "unfit",
    problems: ["messages must be an array of 1 to 100 messages, and nothing beside it"],
  };
}

/** JSONata makes one value of a list with one member, and nothing of a list with none. */
function listOf(value: unknown): unknown[] {
  const found = hasMessages(value) ? value.messages : value;
  if (found === undefined || found === null) return [];
  return Array.isArray(found) ? found : [found];
}

const hasMessages = (value: unknown): value is { messages: unknown } =>
  typeof value === "object" && value !== null && Object.hasOwn(value, "messages");
