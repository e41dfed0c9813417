import { readCsv, writeCsv } from "./roster-csv.ts";
import type { Entry, RosterFile, RosterFormat } from "./roster-file.ts";
import { readYaml, writeYaml } from "./roster-yaml.ts";

/** @param name of the file: its ending tells the format @returns undefined where it does not */
export function readRoster(name: string, text: string): RosterFile | undefined {
  if (/\.csv$/i.test(name)) return readCsv(text);
  if (/\.ya?ml$/i.test(name)) return readYaml(text);
  return undefined;
}

const writers = { yaml: writeYaml, csv: writeCsv } satisfies Record<RosterFormat, unknown>;

/** What `readRoster` reads as the very same users. Tags are no part of a CSV. */
export const writeRoster = (format: RosterFormat, entries: Pick<Entry, "username" | "user">[]): string =>
  writers[format](entries);
