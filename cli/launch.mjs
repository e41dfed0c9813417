#!/usr/bin/env node
// Plain JavaScript, so that any Node can read it: the program itself is TypeScript and wants a Node that strips types.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

if (process.features.typescript) {
  module.enableCompileCache?.();
  await import("./contact-automation.ts");
} else {
  const node = here(`../node_modules/node/bin/node${process.platform === "win32" ? ".exe" : ""}`);
  if (existsSync(node)) runWith(node);
  else {
    console.error(
      `contact-automation needs Node 22.18 or newer, and this is ${process.version}. ` +
        "Run `npm ci` in its folder, which brings its own, or install a newer Node.",
    );
    process.exitCode = 1;
  }
}

function runWith(node) {
  const child = spawn(node, [here("contact-automation.ts"), ...process.argv.slice(2)], { stdio: "inherit" });
  // The terminal has sent Ctrl-C to the child as well, which ends in good order; anything else is passed on.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}
