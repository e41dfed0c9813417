import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { full, quick } from "./bench-run.ts";
import { measureAll } from "./measure/all.ts";
import { help, readOptions } from "./options.ts";
import { pageOf, tablesOf } from "./report.ts";
import { prepareSubjects } from "./subjects.ts";

const options = readOptions(process.argv.slice(2));
if (options.help) {
  console.log(help);
  process.exit();
}

const startedAt = Date.now();
const directory = await mkdtemp(join(tmpdir(), "contact-automation-bench-"));
try {
  say("Packaging ours and bundling the recipe");
  const { template, subjects } = await prepareSubjects(directory);
  const ours = options.againstItself ? { ...subjects.recipe, name: "ours" as const } : subjects.ours;
  const extent = options.quick ? quick : full;
  const measured = await measureAll(options.only, { template, subjects: { ...subjects, ours }, extent, say });

  console.log(`\n${tablesOf(measured)}\n`);
  if (options.isWhole) {
    const results = new URL("./results.md", import.meta.url);
    await writeFile(results, await pageOf(measured, (Date.now() - startedAt) / 60_000));
    say(`Written to ${results.pathname}`);
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}

/** Progress, with the seconds since the start. */
function say(text: string): void {
  console.log(`${String(Math.round((Date.now() - startedAt) / 1000)).padStart(4)} s  ${text}`);
}
