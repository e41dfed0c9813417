import { stringify } from "yaml";

const note = "# Made by `npm run openapi` of the schemas that the service reads with: to be changed there.\n";

export const openApiYaml = (document: object): string =>
  note + stringify(document, { lineWidth: 130, aliasDuplicateObjects: false });
