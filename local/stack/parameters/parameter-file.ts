import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as v from "valibot";

export const parameterTypes = ["String", "StringList", "SecureString"] as const;

const stored = v.object({
  type: v.optional(v.picklist(parameterTypes), "SecureString"),
  value: v.pipe(v.string(), v.minLength(1)),
  version: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
});
const content = v.record(v.string(), stored);

export type Parameter = v.InferOutput<typeof stored>;

/** Parameters in a JSON file that people read and edit: it is read anew each time, and written at once or not at all. */
export class ParameterFile {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** @throws Error naming the file and the places in it that are wrong, and no value */
  all(): Map<string, Parameter> {
    if (!existsSync(this.path)) return new Map();
    const parsed = v.safeParse(content, this.json());
    if (parsed.success) return new Map(Object.entries(parsed.output));
    const places = parsed.issues.map((issue) => v.getDotPath(issue) ?? "the whole");
    throw new Error(`${this.path} is not understood: ${places.join(", ")}`);
  }

  /** Epoch milliseconds. */
  changedAt(): number {
    return existsSync(this.path) ? statSync(this.path).mtimeMs : Date.now();
  }

  put(name: string, parameter: Parameter): void {
    this.write(this.all().set(name, parameter));
  }

  /** @returns whether there was one */
  delete(name: string): boolean {
    const parameters = this.all();
    const existed = parameters.delete(name);
    if (existed) this.write(parameters);
    return existed;
  }

  private json(): unknown {
    try {
      return JSON.parse(readFileSync(this.path, "utf8"));
    } catch {
      // Node's own message quotes the file.
      throw new Error(`${this.path} is not JSON`);
    }
  }

  private write(parameters: Map<string, Parameter>): void {
    mkdirSync(dirname(this.path), { recursive: true });
    const partial = `${this.path}.${process.pid}`;
    const text = JSON.stringify(Object.fromEntries([...parameters].sort()), undefined, 2);
    writeFileSync(partial, `${text}\n`, { mode: 0o600 });
    renameSync(partial, this.path);
  }
}
