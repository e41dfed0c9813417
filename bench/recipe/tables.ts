import type { Resource } from "../../local/stack/cloudformation.ts";

export const idempotencyTable = "bench-idempotency";
export const limiterTable = "bench-limiter";

/** As Powertools and rate-limiter-flexible want them. */
export const recipeTables: Resource[] = [tableOf(idempotencyTable, "id"), tableOf(limiterTable, "key")];

function tableOf(TableName: string, AttributeName: string): Resource {
  return {
    logicalId: TableName,
    type: "AWS::DynamoDB::Table",
    properties: {
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName, AttributeType: "S" }],
      KeySchema: [{ AttributeName, KeyType: "HASH" }],
    },
  };
}
