import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type CentreConfig, parseCentreConfig } from "./centre-config.ts";

/** Reads a configuration from YAML (or JSON, which is YAML too). Its errors say where and what. */
export function readCentreConfig(path: string): CentreConfig {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  let input: unknown;
  try {
    input = parse(text);
  } catch (error) {
    throw new Error(`${path} is not YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseCentreConfig(input);
}
