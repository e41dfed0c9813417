import type { Command } from "commander";
import { aNewSecret } from "../../lib/subscribers/signature.ts";
import { Failure } from "../failure.ts";
import { type CommonOptions, examples } from "../options.ts";
import { print } from "../print.ts";
import { found, placesOf } from "./subscribers-place.ts";

interface Options extends CommonOptions {
  finish?: true;
}

export function addRotate(subscribers: Command): void {
  subscribers
    .command("rotate")
    .description("Makes a second secret: notices are signed with both, until --finish drops the old one")
    .argument("<id>", "the subscriber")
    .option("--finish", "the receiver knows the new secret: drop the old one")
    .addHelpText("after", examples("subscribers rotate crm", "subscribers rotate crm --finish"))
    .action(rotate);
}

async function rotate(id: string, _options: unknown, command: Command): Promise<void> {
  const { json, stage, finish } = command.optsWithGlobals<Options>();
  const { table, secretsOf } = placesOf(stage);
  await found(table, id);
  const secrets = secretsOf(id);
  const [newest, older] = await secrets.get();
  if (finish) {
    if (newest === undefined || older === undefined)
      throw new Failure("conflict", `${id} has one secret only: there is nothing to finish.`);
    await secrets.put([newest]);
    print(json, { finished: id }, [`Within a minute ${id} is signed with the new secret alone.`]);
    return;
  }
  if (newest === undefined || older !== undefined)
    throw new Failure("conflict", `${id} has two secrets already: first subscribers rotate ${id} --finish.`);
  const secret = aNewSecret();
  await secrets.put([secret, newest]);
  print(json, { rotated: id, secret }, [
    `Within a minute ${id} is signed with both secrets. When its receiver knows the new one: subscribers rotate ${id} --finish`,
    `The new secret, which is not shown again: ${secret}`,
  ]);
}
