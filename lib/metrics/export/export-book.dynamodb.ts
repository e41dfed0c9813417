import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { held } from "../../held.dynamodb.ts";
import { type ExportBook, type ExportProgress, exportProgressSchema } from "./export-progress.ts";

/** One item of the table `metrics` for each kind of rows, which is its slot. */
export class DynamoExportBook implements ExportBook {
  private readonly client: DynamoDBClient;
  private readonly table: string;
  private readonly key: { series: string; slot: string };

  constructor(client: DynamoDBClient, table: string, instanceId: string, slot = "export") {
    this.client = client;
    this.table = table;
    this.key = { series: `${instanceId}/progress`, slot };
  }

  async look(): Promise<ExportProgress | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: marshall(this.key), ConsistentRead: true }),
    );
    return Item && v.parse(exportProgressSchema, unmarshall(Item)["progress"]);
  }

  async keep(progress: ExportProgress, before: ExportProgress | undefined): Promise<boolean> {
    return held(() =>
      this.client.send(
        new PutItemCommand({
          TableName: this.table,
          Item: marshall({ ...this.key, progress }),
          ...(before
            ? {
                ConditionExpression: "progress.exportedUntil = :before",
                ExpressionAttributeValues: marshall({ ":before": before.exportedUntil }),
              }
            : { ConditionExpression: "attribute_not_exists(series)" }),
        }),
      ),
    );
  }
}
