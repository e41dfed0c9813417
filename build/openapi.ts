import { writeFileSync } from "node:fs";
import { openApiDocument } from "./openapi/document.ts";
import { openApiYaml } from "./openapi/yaml.ts";

writeFileSync("docs/openapi.yaml", openApiYaml(openApiDocument()));
