import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export const launcher = resolve("cli/launch.mjs");

/** The command as a shell starts it, with this environment and no other. */
export function runCli(
  args: string[],
  env: Record<string, string>,
  {
    cwd,
    nodeOptions = [],
    file = launcher,
    input = "",
  }: { cwd?: string; nodeOptions?: string[]; file?: string; input?: string } = {},
): { child: ChildProcess; ran: Promise<Ran> } {
  const child = spawn(process.execPath, [...nodeOptions, file, ...args], {
    env: { PATH: process.env["PATH"], ...env },
    cwd,
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.end(input);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ran = new Promise<Ran>((settle, reject) => {
    child.on("error", reject);
    child.on("close", (code) => settle({ code, stdout, stderr }));
  });
  return { child, ran };
}
