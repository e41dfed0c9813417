import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepToTheOtherCore, pinning } from "./cores.ts";
import { measureDay } from "./day.ts";
import { compareWithMoto, motoVersion } from "./moto.ts";
import { help, readOptions } from "./options.ts";
import { type Measured, pageOf, tablesOf } from "./report.ts";
import { measureStarts } from "./starts.ts";
import { measureThroughput } from "./throughput.ts";

const { seconds, users, isWhole, ...options } = readOptions(process.argv.slice(2));
if (options.help) {
  console.log(help);
  process.exit();
}

const begun = Date.now();
const directory = await mkdtemp(join(tmpdir(), "simulator-bench-"));
try {
  say(pinning);
  keepToTheOtherCore();

  say("Starts");
  const starts = [await measureStarts(directory, 100), await measureStarts(directory, users)];
  const { rows, memory } = await measureThroughput({ directory, users, seconds, say });
  say("A day of calls");
  const days = [await measureDay(1), await measureDay(4), await measureDay(250)];
  const moto = motoVersion();
  say(moto === null ? "moto is not on this machine" : `moto ${moto}`);
  const sides = moto === null ? null : await compareWithMoto(directory, moto, seconds);

  const measured: Measured = { users, seconds, rows, memory, starts, days, moto: sides };
  console.log(`\n${tablesOf(measured)}\n`);
  if (isWhole) {
    const results = new URL("./results.md", import.meta.url);
    await writeFile(results, await pageOf(measured, (Date.now() - begun) / 60_000));
    say(`Written to ${results.pathname}`);
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}

/** Progress, with the seconds since the start. */
function say(text: string): void {
  console.log(`${String(Math.round((Date.now() - begun) / 1000)).padStart(4)} s  ${text}`);
}
