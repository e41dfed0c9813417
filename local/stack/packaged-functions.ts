import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "./cloudformation.ts";
import type { FunctionDefinition } from "./execution-environment.ts";
import type { PackagedService } from "./packaged-service.ts";
import { all } from "./properties.ts";

/** The functions of the template, each with its bundle unpacked. */
export function functionsOf(
  deployment: Deployment,
  service: PackagedService,
  logs: string,
): FunctionDefinition[] {
  mkdirSync(logs, { recursive: true });
  return all(deployment, "AWS::Lambda::Function").map(({ logicalId, properties }) => {
    const { FunctionName: name, Code, Handler, Timeout, MemorySize, Environment } = properties;
    const root = service.unpack(String(Code.S3Key.split("/").at(-1)));
    const [path = "", exported = ""] = Handler.split(/\.(?=[^.]+$)/);
    const file = [".mjs", ".js", ".cjs"].map((ending) => join(root, `${path}${ending}`)).find(existsSync);
    if (!file) throw new Error(`${logicalId}: its package has no file for the handler ${Handler}`);
    return {
      name,
      root,
      file,
      exported,
      timeoutSeconds: Timeout,
      memorySize: MemorySize,
      environment: { ...Environment.Variables },
      logFile: join(logs, `${name}.log`),
    };
  });
}
