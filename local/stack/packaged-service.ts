import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { unzipSync } from "fflate";
import type { Template } from "./cloudformation.ts";
import { LockedError, lock } from "./lock.ts";

export interface PackagedService {
  template: Template;
  /** Unpacks a function's bundle, once for each content. @returns where */
  unpack(artifact: string): string;
}

const inputs = [
  ...["functions", "lib", "webhooks", "build", "resources"],
  ...["serverless.yml", "package.json", "package-lock.json"],
];
// Not .serverless, which may hold what was packaged for another stage.
const output = join(".local", "package");
const stamp = join(output, "inputs.sha256");
const patienceMs = 120_000;

/**
 * What `serverless package` makes of the service for the stage `local`; made anew when anything that goes into it has
 * changed. Several processes may ask at once.
 * @throws Error with the packager's own words when it fails
 */
export async function packagedService(root: string, say: (line: string) => void): Promise<PackagedService> {
  const hash = hashOf(root);
  if (!isMadeOf(root, hash)) {
    const unlock = await lockInTurn(join(root, ".local", "package.pid"));
    try {
      if (!isMadeOf(root, hash)) {
        say("Packaging the service (serverless package) …");
        // Of a packager that is stopped halfway nothing counts, also when the old inputs come back.
        rmSync(join(root, stamp), { force: true });
        await runPackager(root);
        writeFileSync(join(root, stamp), hash);
      }
    } finally {
      unlock();
    }
  }
  return readPackage(join(root, output), join(root, ".local", "functions"));
}

export function readPackage(from: string, unpackTo: string): PackagedService {
  const template = JSON.parse(
    readFileSync(join(from, "cloudformation-template-update-stack.json"), "utf8"),
  ) as Template;
  const unpack = (artifact: string) => {
    const zip = readFileSync(join(from, artifact));
    const content = createHash("sha256").update(zip).digest("hex").slice(0, 12);
    const dir = join(unpackTo, `${artifact.replace(/\.zip$/, "")}-${content}`);
    if (!existsSync(dir)) unpackInto(dir, zip);
    return dir;
  };
  return { template, unpack };
}

/** Under its name at once or not at all: another process may be unpacking the same. */
function unpackInto(dir: string, zip: Uint8Array): void {
  const partial = `${dir}.${process.pid}`;
  for (const [path, content] of Object.entries(unzipSync(zip))) {
    if (path.endsWith("/")) continue;
    const file = join(partial, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  try {
    renameSync(partial, dir);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(dir)) throw error;
  }
}

async function lockInTurn(file: string): Promise<() => void> {
  const deadline = Date.now() + patienceMs;
  while (true) {
    try {
      return lock(file);
    } catch (error) {
      if (!(error instanceof LockedError) || Date.now() > deadline) throw error;
      await sleep(200);
    }
  }
}

function isMadeOf(root: string, hash: string): boolean {
  const file = join(root, stamp);
  return existsSync(file) && readFileSync(file, "utf8") === hash;
}

function hashOf(root: string): string {
  const hash = createHash("sha256");
  for (const file of inputs.flatMap((input) => filesIn(join(root, input)))) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content);
    if (file.endsWith(".yml")) for (const line of environmentIn(content.toString())) hash.update(line);
  }
  return hash.digest("hex");
}

/** What the definition reads of the environment goes into the package as well. */
function environmentIn(definition: string): string[] {
  const names = new Set([...definition.matchAll(/\benv:(\w+)/g)].map(([, name]) => String(name)));
  return [...names].sort().map((name) => `${name}=${process.env[name] ?? ""}\0`);
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
}

async function runPackager(root: string): Promise<void> {
  const serverless = dirname(createRequire(join(root, "package.json")).resolve("serverless/package.json"));
  const child = spawn(
    process.execPath,
    [join(serverless, "bin", "serverless.js"), "package", "--stage", "local", "--package", output],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      said += chunk;
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
    // Its last words may still come; but a process that it left behind could hold the pipes open for ever.
    child.once("exit", (status) => void sleep(1_000).then(() => resolve(status)));
  });
  child.stdout.destroy();
  child.stderr.destroy();
  if (code !== 0) throw new Error(`serverless package failed:\n${said.trim()}`);
}
