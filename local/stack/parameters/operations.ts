import * as v from "valibot";
import { accountId, region } from "../emulators.ts";
import { type Parameter, type ParameterFile, parameterTypes } from "./parameter-file.ts";
import { alreadyExists, parameterNotFound, validation, versionNotFound } from "./ssm-error.ts";

type Operation = (input: unknown, file: ParameterFile) => object;

/** Of a standard parameter. */
const mostCharacters = 4_096;
/** In place of what KMS would make of a value. */
const ciphertext = Buffer.from("encrypted: ask for it WithDecryption").toString("base64");

const name = v.pipe(
  v.string(),
  v.maxLength(1011),
  v.regex(/^[\w./:-]+$/, "a name consists of letters, digits and . - _ /"),
);
const withDecryption = v.optional(v.boolean(), false);

const getInput = v.object({ Name: name, WithDecryption: withDecryption });
const getManyInput = v.object({
  Names: v.pipe(v.array(name), v.minLength(1), v.maxLength(10)),
  WithDecryption: withDecryption,
});
const byPathInput = v.object({
  Path: v.pipe(name, v.startsWith("/", "a path begins with a slash")),
  Recursive: v.optional(v.boolean(), false),
  WithDecryption: withDecryption,
  MaxResults: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)), 10),
  NextToken: v.optional(v.pipe(v.string(), v.digits("the token is not valid"))),
});
const putInput = v.object({
  Name: v.pipe(
    name,
    v.excludes(":", "a name has no colon"),
    v.regex(/^(?:\/|[^/]*$)/, "a name with a slash begins with one"),
  ),
  Value: v.pipe(v.string(), v.minLength(1), v.maxLength(mostCharacters)),
  Type: v.exactOptional(v.picklist(parameterTypes)),
  Overwrite: v.optional(v.boolean(), false),
});
const deleteInput = v.object({ Name: name });

/** `X-Amz-Target` without its prefix. What an operation does is done in one turn of the event loop. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  [
    "GetParameter",
    (input, file) => {
      const { Name, WithDecryption } = checked(getInput, input);
      return { Parameter: shown(Name, file, WithDecryption) };
    },
  ],
  [
    "GetParameters",
    (input, file) => {
      const { Names, WithDecryption } = checked(getManyInput, input);
      const isThere = (asked: string) => find(asked, file).parameter !== undefined;
      return {
        Parameters: Names.filter(isThere).map((asked) => shown(asked, file, WithDecryption)),
        InvalidParameters: Names.filter((asked) => !isThere(asked)),
      };
    },
  ],
  [
    "GetParametersByPath",
    (input, file) => {
      const { Path, Recursive, WithDecryption, MaxResults, NextToken } = checked(byPathInput, input);
      const under = Path.endsWith("/") ? Path : `${Path}/`;
      const names = [...file.all().keys()]
        .filter((one) => one.startsWith(under) && (Recursive || !one.slice(under.length).includes("/")))
        .sort();
      const from = Number(NextToken ?? 0);
      const to = from + MaxResults;
      return {
        Parameters: names.slice(from, to).map((one) => shown(one, file, WithDecryption)),
        ...(to < names.length && { NextToken: String(to) }),
      };
    },
  ],
  [
    "PutParameter",
    (input, file) => {
      const { Name, Value, Type, Overwrite } = checked(putInput, input);
      const before = file.all().get(Name);
      if (before && !Overwrite) throw alreadyExists();
      const type = Type ?? before?.type;
      if (type === undefined) throw validation("The parameter type is required for a new parameter.");
      const version = (before?.version ?? 0) + 1;
      file.put(Name, { type, value: Value, version });
      return { Version: version, Tier: "Standard" };
    },
  ],
  [
    "DeleteParameter",
    (input, file) => {
      if (!file.delete(checked(deleteInput, input).Name)) throw parameterNotFound();
      return {};
    },
  ],
]);

function checked<T extends v.GenericSchema>(schema: T, input: unknown): v.InferOutput<T> {
  const parsed = v.safeParse(schema, input, { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  // valibot's messages quote what was received, which may be a secret.
  const places = parsed.issues.map((issue) => v.getDotPath(issue) ?? "the request");
  throw validation(`Not valid: ${[...new Set(places)].join(", ")}`);
}

interface Found {
  name: string;
  parameter: Parameter | undefined;
  /** The version that was asked for, if one was. */
  version: string | undefined;
}

/** @param asked a name or an ARN, with or without `:version` */
function find(asked: string, file: ParameterFile): Found {
  const [, fromArn] = /^arn:aws:ssm:[^:]*:[^:]*:parameter(\/.*)$/.exec(asked) ?? [];
  const [written = "", version] = (fromArn ?? asked).split(":");
  const parameters = file.all();
  // In an ARN a name that is no path has a slash before it all the same.
  const known = fromArn !== undefined && !parameters.has(written) ? written.slice(1) : written;
  return { name: known, parameter: parameters.get(known), version };
}

function shown(asked: string, file: ParameterFile, decrypt: boolean): object {
  const { name: Name, parameter, version } = find(asked, file);
  if (!parameter) throw parameterNotFound();
  if (version !== undefined && version !== String(parameter.version)) throw versionNotFound(Name);
  const isPlain = decrypt || parameter.type !== "SecureString";
  return {
    Name,
    Type: parameter.type,
    Value: isPlain ? parameter.value : ciphertext,
    Version: parameter.version,
    LastModifiedDate: file.changedAt() / 1000,
    ARN: `arn:aws:ssm:${region}:${accountId}:parameter${Name.startsWith("/") ? "" : "/"}${Name}`,
    DataType: "text",
    ...(version !== undefined && { Selector: `:${version}` }),
  };
}
