import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
} from "@aws-sdk/client-dynamodb";

type Item = Record<string, AttributeValue>;

/** DynamoDB gives at most 100 items in one BatchGetItem. */
export const largestBatch = 100;
const mostRounds = 5;

/**
 * @param keys at most `largestBatch`, each once
 * @param how as they were last written and whole, unless it says otherwise
 * @returns the items that are there, in no order
 */
export async function batchOf(
  client: DynamoDBClient,
  table: string,
  keys: Item[],
  how: Omit<KeysAndAttributes, "Keys"> = { ConsistentRead: true },
): Promise<Item[]> {
  const items: Item[] = [];
  let left = keys;
  for (let round = 0; left.length > 0; round += 1) {
    if (round === mostRounds) throw new Error("DynamoDB keeps leaving keys unprocessed");
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [table]: { Keys: left, ...how } } }),
    );
    items.push(...(Responses?.[table] ?? []));
    left = UnprocessedKeys?.[table]?.Keys ?? [];
  }
  return items;
}
