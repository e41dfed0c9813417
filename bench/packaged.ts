import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { inflateRawSync } from "node:zlib";
import * as v from "valibot";

const keySchema = v.array(v.object({ AttributeName: v.string(), KeyType: v.picklist(["HASH", "RANGE"]) }));
const index = v.object({
  IndexName: v.string(),
  KeySchema: keySchema,
  Projection: v.object({ ProjectionType: v.picklist(["ALL", "KEYS_ONLY", "INCLUDE"]) }),
});
/** What dynalite can do of a table: no recovery, encryption or time to live. */
const table = v.object({
  TableName: v.string(),
  AttributeDefinitions: v.array(
    v.object({ AttributeName: v.string(), AttributeType: v.picklist(["S", "N", "B"]) }),
  ),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: v.optional(v.array(index), []),
});
const template = v.object({
  Resources: v.record(v.string(), v.object({ Type: v.string(), Properties: v.optional(v.unknown()) })),
});
const lambda = v.object({
  FunctionName: v.string(),
  Timeout: v.number(),
  MemorySize: v.number(),
  Environment: v.object({
    Variables: v.record(v.string(), v.union([v.string(), v.object({ Ref: v.string() })])),
  }),
});

export type Table = v.InferOutput<typeof table>;

/** What `serverless package` makes of start-contact, and the resources that its settings refer to, by logical id. */
export interface Packaged {
  bundle: string;
  timeoutMs: number;
  variables: Record<string, string | { Ref: string }>;
  tables: Record<string, Table>;
  queues: Record<string, string>;
  topics: Record<string, string>;
}

export async function packageService(directory: string): Promise<Packaged> {
  await promisify(execFile)("npx", ["serverless", "package", "--package", directory]);
  const bundle = join(directory, "start-contact", "handler.mjs");
  await mkdir(dirname(bundle), { recursive: true });
  const archive = await readFile(join(directory, "start-contact.zip"));
  await writeFile(bundle, unzip(archive, "functions/start-contact/handler.mjs"));

  const text = await readFile(join(directory, "cloudformation-template-update-stack.json"), "utf8");
  const { Resources } = v.parse(template, JSON.parse(text));
  const propertiesOf = (type: string) =>
    Object.entries(Resources).flatMap(([id, it]) => (it.Type === type ? [[id, it.Properties] as const] : []));
  const named = <K extends string>(type: string, key: K) =>
    Object.fromEntries(
      propertiesOf(type).map(([id, it]) => [id, String(v.parse(v.looseObject({}), it)[key])] as const),
    );

  const start = propertiesOf("AWS::Lambda::Function")
    .map(([, it]) => v.parse(lambda, it))
    .find(({ FunctionName }) => FunctionName.endsWith("start-contact"));
  if (!start) throw new Error("the packaged template has no function start-contact");
  return {
    bundle,
    timeoutMs: start.Timeout * 1000,
    variables: start.Environment.Variables,
    tables: Object.fromEntries(
      propertiesOf("AWS::DynamoDB::Table").map(([id, it]) => [id, v.parse(table, it)]),
    ),
    queues: named("AWS::SQS::Queue", "QueueName"),
    topics: named("AWS::SNS::Topic", "TopicName"),
  };
}

/** One file of a zip archive, found through its central directory. */
function unzip(archive: Buffer, name: string): Buffer {
  for (let at = archive.indexOf("PK\x01\x02"); at !== -1; at = archive.indexOf("PK\x01\x02", at + 4)) {
    const nameLength = archive.readUInt16LE(at + 28);
    if (archive.toString("utf8", at + 46, at + 46 + nameLength) !== name) continue;
    const [method, size, header] = [
      archive.readUInt16LE(at + 10),
      archive.readUInt32LE(at + 20),
      archive.readUInt32LE(at + 42),
    ];
    const from = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
    const data = archive.subarray(from, from + size);
    return method === 0 ? data : inflateRawSync(data);
  }
  throw new Error(`the archive has no ${name}`);
}
