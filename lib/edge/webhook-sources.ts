import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSources, type Source } from "../webhooks/source.ts";

/**
 * The sources that were packaged with the function: one folder each.
 * @throws one error that names all that is wrong in all of them
 */
export function webhookSources(directory: string): Map<string, Source> {
  const folders = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return readSources(
    folders.map(({ name }) => ({
      name,
      source: textOf(join(directory, name, "source.json")),
      mapping: textOf(join(directory, name, "mapping.jsonata")),
    })),
  );
}

const textOf = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, "utf8") : undefined;
