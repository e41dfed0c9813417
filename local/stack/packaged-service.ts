import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import type { Template } from "./cloudformation.ts";

export interface PackagedService {
  template: Template;
  /** Unpacks a function's bundle, once for each content. @returns where */
  unpack(artifact: string): string;
}

const inputs = ["functions", "lib", "build", "resources", "serverless.yml", "package-lock.json"];
const output = ".serverless";
const stamp = join(output, "inputs.sha256");

/** What `serverless package` makes of the service; made anew when anything that goes into it has changed. */
export async function packagedService(root: string, say: (line: string) => void): Promise<PackagedService> {
  const hash = hashOf(root);
  const stampFile = join(root, stamp);
  if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== hash) {
    say("Packaging the service (serverless package) …");
    await runPackager(root);
    writeFileSync(stampFile, hash);
  }
  return readPackage(join(root, output), join(root, ".local", "functions"));
}

export function readPackage(from: string, unpackTo: string): PackagedService {
  const template = JSON.parse(
    readFileSync(join(from, "cloudformation-template-update-stack.json"), "utf8"),
  ) as Template;
  const unpack = (artifact: string) => {
    const zip = readFileSync(join(from, artifact));
    const dir = join(
      unpackTo,
      `${artifact.replace(/\.zip$/, "")}-${createHash("sha256").update(zip).digest("hex").slice(0, 12)}`,
    );
    for (const [path, content] of Object.entries(unzipSync(zip))) {
      const file = join(dir, path);
      if (path.endsWith("/") || existsSync(file)) continue;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    return dir;
  };
  return { template, unpack };
}

function hashOf(root: string): string {
  const hash = createHash("sha256");
  for (const file of inputs.flatMap((input) => filesIn(join(root, input))))
    hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
}

async function runPackager(root: string): Promise<void> {
  const serverless = dirname(createRequire(import.meta.url).resolve("serverless/package.json"));
  const child = spawn(
    process.execPath,
    [join(serverless, "bin", "serverless.js"), "package", "--stage", "local"],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`serverless package failed:\n${said.trim()}`);
}
