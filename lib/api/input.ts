import * as v from "valibot";
import { id, problemOf } from "../contacts/message-fields.ts";
import { type HttpAnswer, type HttpRequest, mediaTypeOf, problem } from "../http/http.ts";
import { jsonFlaws, readJson } from "../http/json.ts";
import { longestMessageInBytes } from "../intake/message.ts";

/** A part of a request, or the answer to one that cannot be read. */
export type Input<Value> = { value: Value } | { refusal: HttpAnswer };

/** The body, as JSON of one of these media types; by default it is of one message. */
export function jsonIn(
  request: HttpRequest,
  { mediaTypes = ["application/json"], limitInBytes = longestMessageInBytes } = {},
): Input<unknown> {
  if (request.body.length > limitInBytes)
    return refused(413, "Body too long", `It may have ${limitInBytes} bytes.`);
  if (!mediaTypes.includes(mediaTypeOf(request) ?? "")) {
    const accept = mediaTypes.join(", ");
    return {
      refusal: problem(415, "Unsupported media type", { detail: `Send ${accept}.`, headers: { accept } }),
    };
  }
  const reading = readJson(request.body);
  return reading.kind === "read"
    ? { value: reading.value }
    : refused(400, "Bad JSON", jsonFlaws[reading.why]);
}

/** The body of this form. */
export function bodyIn<Schema extends v.GenericSchema>(
  json: Input<unknown>,
  schema: Schema,
): Input<v.InferOutput<Schema>> {
  if ("refusal" in json) return json;
  // To valibot an array is an object as well.
  if (Array.isArray(json.value)) return { refusal: unfit(["the body must be an object"]) };
  const parsed = v.safeParse(schema, json.value);
  return parsed.success ? { value: parsed.output } : { refusal: unfit(parsed.issues.map(problemOf)) };
}

export const requestIdIn = (request: HttpRequest) => pathParameterIn(request, "requestId", id);

/** @param form as the field of the same name in a message */
export function pathParameterIn(
  { pathParameters }: HttpRequest,
  name: string,
  form: v.GenericSchema<string, string>,
): Input<string> {
  const parsed = v.safeParse(v.object({ [name]: form }), pathParameters);
  if (parsed.success) return { value: parsed.output[name] ?? "" };
  return { refusal: problem(400, "Bad path", { errors: parsed.issues.map(problemOf) }) };
}

/** The header `Idempotency-Key`, which becomes the id of what is asked for. */
export function idempotencyKeyIn({ headers }: HttpRequest): Input<string | undefined> {
  const parsed = v.safeParse(v.object({ "idempotency-key": v.optional(id) }), headers);
  if (parsed.success) return { value: parsed.output["idempotency-key"] };
  return { refusal: unfit(["the header Idempotency-Key must be 1 to 128 of A-Z a-z 0-9 . _ : -"]) };
}

/** So many problems are told of one request; each names a place and a rule, never a value. */
const mostProblems = 100;

export function unfit(problems: string[]): HttpAnswer {
  return problem(422, "Unfit request", { errors: firstOf(problems, mostProblems) });
}

/** And how many more there are. */
export function firstOf(problems: string[], most: number): string[] {
  const distinct = [...new Set(problems)];
  const first = distinct.slice(0, most).map((one) => one.slice(0, 300));
  const more = distinct.length - first.length;
  return more > 0 ? [...first, `and ${more} more`] : first;
}

const refused = (status: number, title: string, detail: string) => ({
  refusal: problem(status, title, { detail }),
});
