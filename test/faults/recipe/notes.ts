import { dynamoDB } from "./place-call.ts";

const TableName = String(process.env["CALLS_TABLE"]);

/** By request: its contact. By contact: the last that was heard of it. */
export async function noteContact(requestId: string, contactId: string): Promise<void> {
  await dynamoDB.putItem({ TableName, Item: { id: { S: requestId }, contactId: { S: contactId } } });
}

export async function contactOf(requestId: string): Promise<string | undefined> {
  const { Item } = await dynamoDB.getItem({ TableName, Key: { id: { S: requestId } } });
  return Item?.["contactId"]?.S;
}

export async function noteState(contactId: string, state: string): Promise<void> {
  await dynamoDB.putItem({ TableName, Item: { id: { S: contactId }, state: { S: state } } });
}
