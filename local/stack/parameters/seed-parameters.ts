import type { Deployment } from "../cloudformation.ts";
import { all } from "../properties.ts";
import type { ParameterFile } from "./parameter-file.ts";

/** The template's parameters and the secrets handed in, where they are not there yet. */
export function seedParameters(
  file: ParameterFile,
  deployment: Deployment,
  secrets: Record<string, string> = {},
): void {
  const known = file.all();
  const add = (name: string, type: "String" | "StringList" | "SecureString", value: string) => {
    if (!known.has(name)) file.put(name, { type, value, version: 1 });
  };
  for (const { properties } of all(deployment, "AWS::SSM::Parameter"))
    add(properties.Name, properties.Type, properties.Value);
  for (const [name, value] of Object.entries(secrets)) add(name, "SecureString", value);
}
