import type { CallRecord } from "../lib/contacts/call-record.ts";

/** An answer, short enough for a line. */
export function textOf(about: unknown): string {
  if (about instanceof Map) return `[${[...about.values()].map(recordText).join(", ")}]`;
  if (about instanceof Set) return about.size === 0 ? "" : `failed ${about.size}`;
  if (typeof about === "object" && about !== null && "record" in about && about.record)
    return `${"kind" in about ? about.kind : ""} ${recordText(about.record as CallRecord)}`;
  return JSON.stringify(about) ?? "";
}

function recordText(record: CallRecord): string {
  const {
    requestId,
    attempt,
    state,
    revision,
    contactId,
    owner,
    dueAt,
    stopAt,
    untold,
    updatesVersion,
    updatesSent,
  } = record;
  return [
    `${requestId}#${attempt} ${state} r${revision}`,
    contactId,
    owner && `by ${owner}`,
    dueAt && `due ${dueAt.slice(11, 23)}`,
    stopAt && "stopped",
    untold && "untold",
    updatesVersion && `updates ${updatesVersion}/${updatesSent ?? 0}`,
  ]
    .filter(Boolean)
    .join(" ");
}
