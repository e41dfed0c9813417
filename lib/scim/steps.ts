import type { UserCommand } from "../roster/user-command.ts";
import type { CommandRules } from "./command.ts";
import type { ScimUsers } from "./scim-users.ts";

/** All that writing and sending touches. */
export interface SendSteps {
  users: ScimUsers;
  commands: {
    /** Of several commands of one id within five minutes the queue takes the first. */
    send(command: UserCommand): Promise<void>;
  };
  rules: CommandRules;
  now(): number;
  /** Told why a command was not sent, or not marked as sent; what it is of is on record. */
  unsent(error: unknown): void;
}

/** All that answering touches. */
export interface ScimSteps extends SendSteps {
  /** 16 hexadecimal digits, different every time. */
  newGeneration(): string;
  tokens: {
    /** Those that callers may show. */
    valid(): Promise<string[]>;
    /** For a token that is none of those: as they are now, in so far as one may ask again already. */
    validNow(): Promise<string[]>;
  };
}
