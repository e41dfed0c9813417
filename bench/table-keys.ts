import * as v from "valibot";
import type { Resource } from "../local/stack/cloudformation.ts";

const keyed = v.object({
  TableName: v.string(),
  KeySchema: v.looseTuple([v.object({ AttributeName: v.string() })]),
});

/** A table's name and that of its hash key. */
export function keyOf({ properties }: Resource): { table: string; key: string } {
  const { TableName, KeySchema } = v.parse(keyed, properties);
  return { table: TableName, key: KeySchema[0].AttributeName };
}
