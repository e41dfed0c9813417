import { scimCommandsContract } from "../../support/scim-commands-contract.ts";
import { CommandsInMemory } from "../../support/scim-world.ts";

scimCommandsContract(async () => {
  const commands = new CommandsInMemory();
  return { commands, queued: async () => commands.all };
});
