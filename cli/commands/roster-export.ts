import type { Command } from "commander";
import { exportRoster } from "../../lib/roster/plan/export-roster.ts";
import { writeRoster } from "../../lib/roster/plan/read-roster.ts";
import type { RosterFormat } from "../../lib/roster/plan/roster-file.ts";
import { exitCodes } from "../failure.ts";
import type { CommonOptions } from "../options.ts";
import { note, print } from "../print.ts";
import { placesOf } from "./roster-place.ts";
import { withReadingBar } from "./roster-reading.ts";

interface Options extends CommonOptions {
  format: RosterFormat;
}

export async function exportUsers(_options: unknown, command: Command): Promise<void> {
  const { json, stage, format } = command.optsWithGlobals<Options>();
  const { plan, rate } = placesOf(stage);
  const { users, undescribable } = await withReadingBar(rate, (progress) =>
    exportRoster({ ...plan, progress }),
  );
  if (json) print(json, { users, undescribable }, []);
  else process.stdout.write(writeRoster(format, users));
  for (const username of undescribable) note(`${username} is left out: no command can describe this user`);
  if (undescribable.length > 0) process.exitCode = exitCodes.failed;
}
