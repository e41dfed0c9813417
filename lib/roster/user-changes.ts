import type { ChangeKey, Deed, PartChange, SettledChange, UserChange, UserPart } from "./user-change.ts";
import type { UserCommand } from "./user-command.ts";

/** The command that a record is about. */
export type CommandEntry = ChangeKey & Pick<UserCommand, "commandId" | "source" | "reason">;

/** How a command came to its end. */
export type End =
  /** All that was begun is done; without any of it the user was as described. */
  | { kind: "done" }
  /** Says nothing of a command that was settled before. */
  | { kind: "superseded" }
  /** @param made what was changed for certain; absent where nobody can tell: what was begun stands then */
  | { kind: "refused"; why: string; made?: UserPart[] };

/** The audit record of users, one entry for each command. Every method may be repeated, and in any order. */
export interface UserChanges {
  /**
   * To be called before the first write to Connect.
   * @param changes what was noted first stands as `before`, whatever the user has become since; `after` is as noted last
   * @returns what is begun, of earlier deliveries of the command as well
   */
  begin(entry: CommandEntry, deed: Deed, changes: PartChange[]): Promise<UserChange>;
  /** What was begun cannot have happened: it was begun on a false view of the user. */
  withdraw(entry: CommandEntry): Promise<void>;
  /** To be called after the last write, and where there is none. */
  settle(entry: CommandEntry, end: End): Promise<SettledChange>;
}

export interface ChangeReader {
  /** @returns those that are on record, in no order */
  outcomes(keys: ChangeKey[]): Promise<UserChange[]>;
  /** @returns at most so many, the newest command first */
  list(username: string, limit: number): Promise<UserChange[]>;
}
