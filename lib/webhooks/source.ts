import * as v from "valibot";
import { problemOf } from "../contacts/message-fields.ts";
import { type Mapping, mappingOf } from "./mapping.ts";

const headerName = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be the name of a header, in lower case"),
);
const whole = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.integer("must be whole"),
    v.minValue(least, `must be ${least} to ${most}`),
    v.maxValue(most, `must be ${least} to ${most}`),
  );
/** How far the sender's clock, and the way here, may be off: both ways. */
const windowSeconds = v.optional(whole(30, 900), 300);
/** Where the sender puts its id of the webhook. The header is not signed, unlike that of Standard Webhooks. */
const idHeader = v.optional(headerName);

const signature = v.variant("form", [
  v.strictObject({
    form: v.literal("contact-automation"),
    header: v.optional(headerName, "x-contact-automation-signature"),
    idHeader,
    windowSeconds,
  }),
  v.strictObject({
    form: v.literal("sha256"),
    header: v.optional(headerName, "x-hub-signature-256"),
    timestampHeader: v.optional(headerName),
    idHeader,
    windowSeconds,
  }),
  v.strictObject({ form: v.literal("standard-webhooks"), windowSeconds }),
  v.strictObject({
    form: v.literal("hubspot-v3"),
    /** As HubSpot calls it, where that is not `https://<host>/webhooks/<source>`. */
    url: v.optional(v.pipe(v.string(), v.url("must be a URL"))),
    idHeader,
    windowSeconds,
  }),
]);

export const contentTypes = ["application/json", "application/x-www-form-urlencoded"] as const;

/** `webhooks/<source>/source.json` */
const schema = v.strictObject({
  signature,
  contentTypes: v.optional(
    v.pipe(v.array(v.picklist(contentTypes)), v.minLength(1, "must name at least one")),
    ["application/json"],
  ),
  /** Lambda takes 6 MB for an event, in which a body may stand in base64. */
  bodyLimitInBytes: v.optional(whole(1, 4_000_000), 262_144),
  /** Whether the body is in our own shape, or `mapping.jsonata` beside this file brings it into it. */
  messages: v.picklist(["ours", "mapping"]),
  /** What the mapping sees as `$headers`. No signature covers them. */
  headers: v.optional(v.array(headerName), []),
});

export interface Source extends v.InferOutput<typeof schema> {
  name: string;
  mapping?: Mapping;
}

/** The folder of one source, as found. */
export interface SourceFiles {
  name: string;
  source: string | undefined;
  mapping: string | undefined;
}

/** @throws one error that names all that is wrong in all of them */
export function readSources(folders: SourceFiles[]): Map<string, Source> {
  const problems: string[] = [];
  const sources = new Map<string, Source>();
  for (const folder of folders) {
    const reading = readSource(folder);
    if (Array.isArray(reading)) problems.push(...reading.map((problem) => `${folder.name}: ${problem}`));
    else sources.set(folder.name, reading);
  }
  if (problems.length > 0)
    throw new Error(`The sources of webhooks are not complete. ${problems.join(". ")}`);
  return sources;
}

function readSource({ name, source, mapping }: SourceFiles): Source | string[] {
  const problems: string[] = [];
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(name))
    problems.push("the name must be 1 to 64 of a-z 0-9 -, and no - in front");
  const settings = settingsIn(source, problems);
  const isMapped = settings?.messages === "mapping";
  if (isMapped && mapping === undefined) problems.push("there is no mapping.jsonata");
  if (settings?.messages === "ours" && mapping !== undefined)
    problems.push("mapping.jsonata is there, and messages is ours");
  const made = mapping === undefined ? undefined : mappingOf(mapping);
  if (made?.kind === "wrong") problems.push(`mapping.jsonata: ${made.why}`);
  if (!settings || problems.length > 0) return problems;
  return { ...settings, name, ...(made?.kind === "mapping" && { mapping: made.mapping }) };
}

function settingsIn(
  source: string | undefined,
  problems: string[],
): v.InferOutput<typeof schema> | undefined {
  let input: unknown;
  try {
    if (source !== undefined) input = JSON.parse(source);
  } catch {
    problems.push("source.json is not JSON");
    return undefined;
  }
  const parsed = v.safeParse(schema, input);
  if (parsed.success) return parsed.output;
  if (source === undefined) problems.push("there is no source.json");
  else problems.push(...parsed.issues.map((issue) => `source.json: ${problemOf(issue)}`));
  return undefined;
}
