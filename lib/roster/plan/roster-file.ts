import type { DesiredUser } from "../user-command.ts";

/** A user as a file describes it. */
export interface Entry {
  /** Where it begins in the file, from 1. */
  line: number;
  username: string;
  user: DesiredUser;
}

/** What keeps a file from being used. */
export interface Problem {
  line: number;
  why: string;
}

export interface RosterFile {
  /** Those that are without problems, in their order. */
  entries: Entry[];
  problems: Problem[];
}

export const rosterFormats = ["yaml", "csv"] as const;
export type RosterFormat = (typeof rosterFormats)[number];
