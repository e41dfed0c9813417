import type { Intent } from "./intent.ts";
import type { SettledChange, UserChange, UserPart } from "./user-change.ts";
import type { CommandEntry, End, UserChanges } from "./user-changes.ts";
import type { Again } from "./user-command.ts";

/** Puts one delivery of a command on record, as far as it comes. */
export class Account {
  private readonly changes: UserChanges;
  private readonly entry: CommandEntry;
  private begun: UserChange | undefined;
  /** What this delivery began and has not done. */
  private readonly open = new Set<UserPart>();

  constructor(changes: UserChanges, { command, order }: Again) {
    this.changes = changes;
    const { username, commandId, source, reason } = command;
    this.entry = { username, order, commandId, source, reason };
  }

  /** Before the first write to Connect. */
  async begin({ deed, changes }: Intent): Promise<void> {
    this.begun = await this.changes.begin(this.entry, deed, changes);
    for (const { part } of changes) this.open.add(part);
  }

  made(part: UserPart): void {
    this.open.delete(part);
  }

  /** The user is another than the one that the command was begun with. */
  async withdraw(): Promise<void> {
    await this.changes.withdraw(this.entry);
  }

  settle(end: Exclude<End, { kind: "refused" }> | { kind: "refused"; why: string }): Promise<SettledChange> {
    if (end.kind !== "refused" || !this.begun) return this.changes.settle(this.entry, end);
    // What an earlier delivery did was not open any more when this one compared.
    const made = this.begun.changes.map(({ part }) => part).filter((part) => !this.open.has(part));
    return this.changes.settle(this.entry, { ...end, made });
  }
}
