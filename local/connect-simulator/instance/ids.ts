import { v5 as uuidv5 } from "uuid";
import type { Named } from "./instance.ts";
import type { Table } from "./table.ts";

/** Ids that a configuration does not give are made from names, so that they stay the same. */
export const idOf = (...names: string[]): string => uuidv5(names.join("\n"), uuidv5.URL);

/** The row of that name; an error that says `otherwise` when there is none. */
export function named<Row extends Named>(rows: Table<Row>, name: string, otherwise: string): Row {
  for (const row of rows.all()) if (row.name === name) return row;
  throw new Error(otherwise);
}
