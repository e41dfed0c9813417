import type { Resource } from "../local/stack/cloudformation.ts";
import type { Mend } from "./counting-proxy.ts";
import { keyOf } from "./table-keys.ts";

/**
 * DynamoDB returns the item that stood in a conditional write's way to whoever asks for it; dynalite does not
 * (architect/dynalite#182). Without this both handlers would read it, and pay a request that AWS does not charge.
 */
export function addRefusedItems(tables: Resource[]): Mend {
  const keys = new Map(tables.map(keyOf).map(({ table, key }) => [table, key]));

  return async ({ target, requestHeaders, requestBody, status, replyBody }) => {
    if (status !== 400 || !requestBody.includes('"ReturnValuesOnConditionCheckFailure":"ALL_OLD"'))
      return undefined;
    const reply = JSON.parse(replyBody.toString());
    if (!String(reply.__type).endsWith("#ConditionalCheckFailedException")) return undefined;

    const { TableName, Key, Item } = JSON.parse(requestBody.toString());
    const key = keys.get(TableName) ?? "";
    const found = await fetch(target, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.GetItem",
        "x-amz-date": String(requestHeaders["x-amz-date"]),
        authorization: String(requestHeaders.authorization),
      },
      body: JSON.stringify({ TableName, Key: { [key]: (Key ?? Item)[key] }, ConsistentRead: true }),
    });
    const { Item: stored } = JSON.parse(await found.text());
    return Buffer.from(JSON.stringify({ ...reply, Item: stored }));
  };
}
