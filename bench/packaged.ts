import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Template } from "../local/stack/cloudformation.ts";
import { readPackage } from "../local/stack/packaged-service.ts";

/** What `serverless package` makes of the service. */
export interface Packaged {
  template: Template;
  /** The bundle of start-contact, unpacked. */
  bundle: string;
}

/** Into a directory of its own: what somebody else has packaged, and for which stage, is not to matter. */
export async function packageService(directory: string): Promise<Packaged> {
  const root = new URL("..", import.meta.url).pathname;
  const args = ["serverless", "package", "--stage", "local", "--package", directory];
  await promisify(execFile)("npx", args, { cwd: root });
  const { template, unpack } = readPackage(directory, join(directory, "unpacked"));
  return { template, bundle: join(unpack("start-contact.zip"), "functions/start-contact/handler.mjs") };
}
