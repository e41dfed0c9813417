import { join } from "node:path";
import { type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { valuesOf } from "../../lib/contacts/kept-updates.ts";
import { agentUrn } from "../../lib/scim/schema.ts";
import { ParameterFile } from "./parameters/parameter-file.ts";
import type { Stack } from "./stack.ts";

/** Shorter values, such as `1` or `gold`, occur in every log by themselves. */
const leastLength = 6;

const phoneNumber = /\+[1-9]\d{7,14}/;

/**
 * What no log line may hold.
 * @param known numbers, attribute values, bodies and secrets that were used while the log was written
 * @returns the lines that hold a phone number, or one of those in any of the ways in which it may have been written
 */
export function personalDataIn(log: string, known: Iterable<string>): string[] {
  return log.split("\n").filter(personalDataFinder(known));
}

/** The same, one line after the other, for a log that is too long to be held at once. */
export function personalDataFinder(known: Iterable<string>): (line: string) => boolean {
  const values = [...new Set(known)].filter((value) => value.length >= leastLength);
  const forms = values.flatMap((value) => [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
  ]);
  const holdsOneOf = searchFor(new Set(forms));
  return (line) => phoneNumber.test(line) || holdsOneOf(line);
}

/** By how they begin: a long run has too many values, and too long a log, to look for one value after the other. */
function searchFor(values: Set<string>): (line: string) => boolean {
  const byBeginning = Map.groupBy(values, (value) => value.slice(0, leastLength));
  return (line) => {
    for (let at = 0; at + leastLength <= line.length; at += 1) {
      const candidates = byBeginning.get(line.slice(at, at + leastLength));
      if (candidates?.some((value) => line.startsWith(value, at))) return true;
    }
    return false;
  };
}

/** Every number, attribute value, token and secret of a run; no id of ours, which logs are there for. */
export async function usedIn(
  { simulator, env }: Stack,
  database: DynamoDBClient,
  dir: string,
): Promise<string[]> {
  const used = simulator
    .contacts()
    .flatMap(({ attributes: { attemptId, ...others }, clientToken }) => [
      ...Object.values(others),
      ...stringsIn(clientToken),
    ]);
  for (const { value } of new ParameterFile(join(dir, "parameters.json")).all().values())
    used.push(value, ...stringsIn(parsed(value)));
  const pages = paginateScan({ client: database }, { TableName: env["CONTACTS_TABLE"] });
  for await (const { Items = [] } of pages) {
    for (const item of Items) {
      const { request, attributeUpdates } = unmarshall(item);
      const { destination, attributes, name, description, references } = JSON.parse(request ?? "{}");
      const updated = valuesOf(attributeUpdates);
      used.push(...[updated, destination, attributes, name, description, references].flatMap(stringsIn));
    }
  }
  const accounts = paginateScan({ client: database }, { TableName: env["SCIM_USERS_TABLE"] });
  for await (const { Items = [] } of accounts) {
    for (const item of Items) {
      // Names of profiles are no secret.
      const { [agentUrn]: _, ...account } = unmarshall(item)["user"];
      used.push(...stringsIn(account));
    }
  }
  return used;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function stringsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
