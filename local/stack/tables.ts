import { isDeepStrictEqual } from "node:util";
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { Resource } from "./cloudformation.ts";
import { type Properties, propertiesOf } from "./properties.ts";

type Table = Properties<"AWS::DynamoDB::Table">;
type Index = Pick<NonNullable<Table["GlobalSecondaryIndexes"]>[number], "IndexName" | "KeySchema">;

/** @throws Error when a table of an earlier start is there that looks otherwise */
export async function createTable(client: DynamoDBClient, resource: Resource): Promise<void> {
  const table = propertiesOf(resource, "AWS::DynamoDB::Table");
  const { TableName, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } = table;
  try {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions,
        KeySchema,
        ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
        ...(LocalSecondaryIndexes && { LocalSecondaryIndexes }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
    const { Table: kept } = await client.send(new DescribeTableCommand({ TableName }));
    if (!isDeepStrictEqual(shapeOf(table), shapeOf(kept ?? {})))
      throw new Error(
        `The table ${TableName} of an earlier start has other keys or indexes. Begin anew with --fresh.`,
      );
  }
}

function shapeOf(table: Table | TableDescription) {
  const { KeySchema, GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = table;
  const indexes = [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes] as Index[];
  const named = indexes.map(({ IndexName, KeySchema: keys }) => [IndexName, keys] as const);
  return { KeySchema, indexes: named.sort(([one], [other]) => one.localeCompare(other)) };
}
