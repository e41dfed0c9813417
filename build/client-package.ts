import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

/**
 * The client as a package of its own in dist/client, for `npm pack ./dist/client`: the service's package would bring all that
 * its functions need along, and the client needs three of those.
 */
const target = "dist/client";
const needed = ["@aws-sdk/client-sqs", "libphonenumber-js", "valibot"];

rmSync(target, { recursive: true, force: true });
await build({
  entryPoints: ["client/index.ts"],
  outfile: `${target}/index.js`,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  external: needed,
});
const { status } = spawnSync(
  process.execPath,
  ["node_modules/typescript/bin/tsc", "--project", "build/tsconfig.client.json"],
  { stdio: "inherit" },
);
if (status !== 0) process.exit(status ?? 1);

const { name, version, description, license, engines, dependencies } = JSON.parse(
  readFileSync("package.json", "utf8"),
);
const manifest = {
  name,
  version,
  description: `${description}: the client for producers`,
  license,
  private: true,
  type: "module",
  engines,
  exports: { "./client": { types: "./types/client/index.d.ts", default: "./index.js" } },
  dependencies: Object.fromEntries(needed.map((one) => [one, dependencies[one]])),
};
writeFileSync(`${target}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
copyFileSync("LICENSE", `${target}/LICENSE`);
