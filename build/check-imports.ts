import { spawnSync } from "node:child_process";

/** The rules of .dependency-cruiser.cjs, and that they were held against something. */
const folders = [
  "functions",
  "lib",
  "client",
  "local",
  "cli",
  "simulation",
  "test",
  "bench",
  "chaos",
  "build",
];
const depcruise = "node_modules/dependency-cruiser/bin/dependency-cruise.mjs";

const { status, stdout, stderr } = spawnSync(
  process.execPath,
  [depcruise, "--config", ".dependency-cruiser.cjs", ...folders],
  {
    encoding: "utf8",
  },
);
process.stdout.write(stdout + stderr);
const modules = Number(/\((\d+) modules/.exec(stdout)?.[1] ?? 0);
if (status === 0 && modules === 0) {
  process.stderr.write("dependency-cruiser saw no modules: its rules were held against nothing\n");
  process.exitCode = 1;
} else process.exitCode = status ?? 1;
