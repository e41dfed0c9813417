import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { packagedService } from "../../../local/stack/packaged-service.ts";
import { aDirectory, removeDirectories } from "./small-service.ts";

/** Stands where the packager does: what it is given and what it leaves behind are the same. */
const packager = `
const { mkdirSync, writeFileSync, copyFileSync, existsSync } = require("node:fs");
const output = process.argv[process.argv.indexOf("--package") + 1];
mkdirSync(output, { recursive: true });
copyFileSync("f.zip", output + "/f.zip");
if (existsSync("broken")) { console.error("serverless.yml is wrong in line 7"); process.exit(1); }
writeFileSync(output + "/cloudformation-template-update-stack.json", JSON.stringify({ Resources: {}, Description: process.argv.join(" ") }));
`;

describe("the packaged service", () => {
  let root: string;
  let said: string[];
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const get = () => packagedService(root, (line) => void said.push(line));

  beforeEach(() => {
    root = aDirectory();
    said = [];
    write("package.json", "{}");
    write("node_modules/serverless/package.json", "{}");
    write("node_modules/serverless/bin/serverless.js", packager);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the Serverless Framework's syntax
    write("serverless.yml", "rate: ${env:SMALL_RATE, '2'}");
    write("functions/f/handler.ts", "one");
    write("f.zip", zipSync({ "functions/f/handler.mjs": strToU8("bundle") }));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    removeDirectories();
  });

  it("is packaged for the stage local, and says so", async () => {
    const { template } = await get();
    expect(said).toHaveLength(1);
    expect(template).toMatchObject({ Description: expect.stringContaining("package --stage local") });
  });

  it("is not packaged again until something that goes into it has changed", async () => {
    await get();
    await get();
    expect(said).toHaveLength(1);
    write("functions/f/handler.ts", "two");
    await get();
    expect(said).toHaveLength(2);
    vi.stubEnv("SMALL_RATE", "9");
    await get();
    expect(said).toHaveLength(3);
  });

  it("is packaged again when the packager has failed halfway, although what it had been made of is back", async () => {
    await get();
    write("broken", "");
    write("functions/f/handler.ts", "two");
    write("f.zip", "half a bundle");
    await expect(get()).rejects.toThrow("serverless package failed");
    rmSync(join(root, "broken"));
    write("functions/f/handler.ts", "one");
    write("f.zip", zipSync({ "functions/f/handler.mjs": strToU8("bundle") }));
    expect(readFileSync(join((await get()).unpack("f.zip"), "functions/f/handler.mjs"), "utf8")).toBe(
      "bundle",
    );
  });

  it("has the version of package.json, so it is packaged again when that changes", async () => {
    await get();
    write("package.json", '{"version":"2.0.0"}');
    await get();
    expect(said).toHaveLength(2);
  });

  it("is packaged once when several ask at the same time", async () => {
    await Promise.all([get(), get(), get()]);
    expect(said).toHaveLength(1);
  });

  it("unpacks a bundle under a name of its content", async () => {
    const first = (await get()).unpack("f.zip");
    expect(readFileSync(join(first, "functions/f/handler.mjs"), "utf8")).toBe("bundle");
    write("f.zip", zipSync({ "functions/f/handler.mjs": strToU8("other") }));
    write("functions/f/handler.ts", "other");
    expect((await get()).unpack("f.zip")).not.toBe(first);
  });

  it("fails in the packager's words, and is tried again the next time", async () => {
    write("broken", "");
    await expect(get()).rejects.toThrow("serverless package failed:\nserverless.yml is wrong in line 7");
    await expect(get()).rejects.toThrow("serverless package failed");
    expect(said).toHaveLength(2);
  });
});
