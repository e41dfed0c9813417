import { execFile } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type IntakeQueues, startIntakeQueues } from "../support/intake-queues.ts";

const run = promisify(execFile);
const consumers = "test/client/consumer";
/** The one that runs the tests, and whichever others the machine has. */
const nodes = [
  ...new Set([
    process.execPath,
    ...(process.env["PATH"] ?? "")
      .split(delimiter)
      .map((folder) => join(folder, "node"))
      .filter(existsSync)
      .map((path) => realpathSync(path)),
  ]),
];

let queues: IntakeQueues;
let folder: string;
let files: string[];
beforeAll(async () => {
  queues = await startIntakeQueues();
  folder = mkdtempSync(join(tmpdir(), "contact-automation-client-"));
  await run(process.execPath, ["build/client-package.ts"]);
  const { stdout } = await run("npm", ["pack", "./dist/client", "--json", "--pack-destination", folder]);
  const [{ filename, files: packed }] = JSON.parse(stdout);
  files = packed.map(({ path }: { path: string }) => path);
  await install(filename);
});
beforeEach(() => queues.renew());
afterAll(async () => {
  await queues.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** As npm would, with the dependencies that it names, and no others, from here. */
async function install(tarball: string): Promise<void> {
  const place = join(folder, "node_modules", "contact-automation");
  mkdirSync(place, { recursive: true });
  await run("tar", ["-xzf", join(folder, tarball), "-C", place, "--strip-components", "1"]);
  const { dependencies } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
  for (const name of [...Object.keys(dependencies), "@types/node"]) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(join("node_modules", name)), link);
  }
  for (const name of ["consumer.mjs", "consumer.ts"]) copyFileSync(join(consumers, name), join(folder, name));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
}

async function idsSentBy(node: string, consumer: string): Promise<unknown> {
  const { urls, access } = queues;
  const env = {
    AWS_REGION: access.region,
    AWS_ENDPOINT_URL_SQS: access.endpoint,
    AWS_ACCESS_KEY_ID: access.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: access.credentials.secretAccessKey,
  };
  const args = [urls["call-request"], urls["stop-request"], urls["attribute-update"], urls["user-command"]];
  const { stdout } = await run(node, [consumer, ...args], { cwd: folder, env });
  return JSON.parse(stdout);
}

describe("the packed client", () => {
  it("holds the program, its types and the licence", () => {
    const others = files.filter(
      (path) => !/^types\/(client|lib\/(contacts|intake|roster))\/[a-z.-]+\.d\.ts$/.test(path),
    );
    expect(others.sort()).toEqual(["LICENSE", "index.js", "package.json"]);
  });

  it.each(nodes)("runs from JavaScript with %s", async (node) => {
    expect(await idsSentBy(node, "consumer.mjs")).toEqual(["r-1", "r-2", "s-1", "u-1", "hr-1"]);
    expect(queues.held("call-request")).toHaveLength(2);
    expect(queues.held("stop-request")).toHaveLength(1);
    expect(queues.held("attribute-update")).toMatchObject([{ group: "r-1" }]);
    expect(queues.held("user-command")).toMatchObject([{ group: "ana" }]);
  });

  it("runs from TypeScript", async () => {
    expect(await idsSentBy(process.execPath, "consumer.ts")).toEqual(["r-1", "r-2", "s-1", "u-1", "hr-1"]);
  });

  it.each(["nodenext", "bundler"])(
    "has types that hold, with module resolution %s",
    async (moduleResolution) => {
      const tsconfig = join(folder, `tsconfig.${moduleResolution}.json`);
      const module = moduleResolution === "nodenext" ? "nodenext" : "esnext";
      const compilerOptions = {
        module,
        moduleResolution,
        target: "es2022",
        strict: true,
        skipLibCheck: true,
        noEmit: true,
        types: ["node"],
      };
      writeFileSync(tsconfig, JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
      const tsc = "node_modules/typescript/bin/tsc";
      const { stdout } = await run(process.execPath, [tsc, "--project", tsconfig]).catch((error) => error);
      expect(stdout).toBe("");
    },
  );
});
