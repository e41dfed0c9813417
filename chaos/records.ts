import { type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { type CallRecord, callRecordSchema } from "../lib/contacts/call-record.ts";

/** The whole table `contacts`. */
export async function allRecords(client: DynamoDBClient, table: string | undefined): Promise<CallRecord[]> {
  const records: CallRecord[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true }))
    records.push(...Items.map((item) => v.parse(callRecordSchema, unmarshall(item))));
  return records;
}

const pacerSchema = v.object({ leases: v.optional(v.record(v.string(), v.number()), {}) });

/** All leases of active calls. */
export async function allLeases(client: DynamoDBClient, table: string | undefined): Promise<string[]> {
  const leases: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true }))
    leases.push(...Items.flatMap((item) => Object.keys(v.parse(pacerSchema, unmarshall(item)).leases)));
  return leases;
}
