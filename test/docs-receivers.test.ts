import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { failureIn, postNotice } from "../lib/subscribers/post-notice.ts";
import { HttpsPoster } from "../lib/subscribers/poster.https.ts";
import { aNewSecret } from "../lib/subscribers/signature.ts";
import { aNotice } from "./support/builders.ts";

const page = readFileSync("docs/subscribers.md", "utf8");
const hasPython = spawnSync("python3", ["--version"]).status === 0;

const codeIn = (language: string): string => {
  const [, code] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(page) ?? [];
  if (!code) throw new Error(`the page has no ${language}`);
  return code;
};

async function aFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe.each([
  { language: "js", file: "receiver.mjs", command: process.execPath, runs: true },
  { language: "python", file: "receiver.py", command: "python3", runs: hasPython },
])("the receiver in $language of docs/subscribers.md", ({ language, file, command, runs }) => {
  let child: ChildProcess | undefined;
  const dir = mkdtempSync(join(tmpdir(), "contact-automation-"));
  afterEach(() => {
    child?.kill("SIGKILL");
    rmSync(dir, { recursive: true, force: true });
  });

  it.runIf(runs)("takes what is signed, once by its id, with either secret, and nothing else", async () => {
    const [secret, newer, wrong] = [aNewSecret(), aNewSecret(), aNewSecret()];
    const port = await aFreePort();
    writeFileSync(join(dir, file), codeIn(language));
    symlinkSync(resolve("node_modules"), join(dir, "node_modules"));
    const env = { PATH: process.env["PATH"], PORT: String(port), WEBHOOK_SECRET: secret };
    child = spawn(command, [file], { cwd: dir, env, stdio: ["ignore", "pipe", "ignore"] });
    let printed = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
    if (child.stdout) await once(child.stdout, "data");

    const post = async (secrets: string[], now = Date.now()) =>
      failureIn(
        await postNotice(aNotice({ reason: "ümlaut" }), `http://127.0.0.1:${port}/notices`, secrets, {
          poster: new HttpsPoster({ timeoutMs: 5_000, now: Date.now }),
          rules: { ports: [443], mayBeLocal: true },
          userAgent: "contact-automation/test",
          now: () => now,
        }),
      );
    const hostile = ["content-length: 9", "webhook-timestamp: \u00b2", "webhook-signature: \u00fc"].map(
      (header) => {
        const socket = connect(port, "127.0.0.1").on("error", () => {});
        socket.write(`POST /notices HTTP/1.1\r\nhost: x\r\n${header}\r\n\r\nabc`, "latin1");
        return socket;
      },
    );
    expect(await post([secret])).toBeUndefined();
    for (const socket of hostile) socket.resetAndDestroy();
    expect(await post([newer, secret])).toBeUndefined();
    expect(await post([wrong])).toBe("it answered 401");
    expect(await post([secret], Date.now() - 600_000)).toBe("it answered 401");
    expect(printed).toBe("listening\nstate-changed r-1 placed\n");
  });
});
