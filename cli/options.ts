import { InvalidArgumentError } from "commander";

/** The options of every command. */
export interface CommonOptions {
  json?: true;
  stage?: string;
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("It must be 1 or more.");
  return value;
}

/** Examples below a command's help. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ npx contact-automation ${line}`).join("\n")}`;
}
