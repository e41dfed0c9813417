import { describe, expect, it } from "vitest";
import type { UserCommand } from "../../lib/roster/user-command.ts";
import type { SendSteps } from "../../lib/scim/steps.ts";

/** @param queued what the queue holds, in its order */
export function scimCommandsContract(
  fresh: () => Promise<{ commands: SendSteps["commands"]; queued(): Promise<UserCommand[]> }>,
): void {
  describe("the commands of SCIM", () => {
    const command = (commandId: string, username = "ana"): UserCommand => ({
      commandId,
      username,
      source: "scim",
      delete: true,
    });

    it("are in the queue in the order in which they were sent, each once", async () => {
      const { commands, queued } = await fresh();
      await commands.send(command("one"));
      await commands.send(command("two"));
      await commands.send(command("one"));
      expect(await queued()).toEqual([command("one"), command("two")]);
    });

    it("may have any name and any text", async () => {
      const { commands, queued } = await fresh();
      const odd = command("one", `Ana \u{1f600} ${"x".repeat(80)}`);
      await commands.send(odd);
      expect(await queued()).toEqual([odd]);
    });
  });
}
