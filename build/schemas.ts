import { mkdirSync, writeFileSync } from "node:fs";
import { schemaFiles } from "./json-schemas.ts";

mkdirSync("docs/schemas", { recursive: true });
for (const [path, text] of Object.entries(schemaFiles)) writeFileSync(path, text);
