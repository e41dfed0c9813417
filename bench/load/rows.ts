import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchWriteItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { type CallRecord, checkShardOf } from "../../lib/contacts/call-record.ts";
import { inParallel } from "../../lib/portions.ts";
import type { PackagedService } from "../../local/stack/packaged-service.ts";
import { type Stack, startStack } from "../../local/stack/stack.ts";
import { type AwsRequest, countingProxy } from "../counting-proxy.ts";
import { cpuSeconds, residentMB } from "../simulator/cores.ts";
import { batchesOf } from "../sqs-event.ts";

export interface RowFigures {
  stored: number;
  due: number;
  seconds: number;
  /** Of release-due alone. */
  cpuSeconds: number;
  /** By operation, of one run. */
  dynamoDb: Record<string, number>;
  functionMB: number;
  /** Of this process, which has the tables on disk. */
  emulatorsMB: number;
}

/** In parts of a thousand of what is stored. */
const duePerThousand = 1;
/** At the largest table, so many are due as well. */
const dueInTurn = [0, 100, 1_000, 10_000];
const year = 366 * 86_400_000;
/** DynamoDB's most for one BatchWriteItem. */
const writtenAtOnce = 25;

/** One run of release-due after another, on a table that grows and with more and more that is due. */
export async function measureRows(
  service: PackagedService,
  rows: number,
  say: (text: string) => void,
): Promise<RowFigures[]> {
  const dir = await mkdtemp(join(tmpdir(), "contact-automation-rows-"));
  const journal: AwsRequest[] = [];
  const stack = await startStack({
    service,
    dir,
    pollers: false,
    // In memory dynalite takes some 7 KB for each row.
    persist: true,
    through: { DYNAMODB: (url) => countingProxy("dynamodb", () => url, journal) },
    warn: say,
  });
  try {
    const table = new Filling(stack, say);
    // Loads the function, and opens its connections.
    await stack.invoke("release-due");
    const figures: RowFigures[] = [];
    for (const stored of [rows / 100, rows / 10, rows]) {
      await table.fillUpTo(stored);
      figures.push(await measure(stack, table, Math.round((stored * duePerThousand) / 1000), journal));
      say(`${stored} rows: ${figures.at(-1)?.seconds.toFixed(2)} s`);
    }
    for (const due of dueInTurn) {
      figures.push(await measure(stack, table, due, journal));
      say(`${due} due: ${figures.at(-1)?.seconds.toFixed(2)} s`);
    }
    return figures;
  } finally {
    await stack.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function measure(
  stack: Stack,
  table: Filling,
  due: number,
  journal: AwsRequest[],
): Promise<RowFigures> {
  await table.addDue(due);
  const [environment] = stack.environments("release-due");
  const pid = environment?.pid ?? 0;
  journal.length = 0;
  const [begun, before] = [performance.now(), await cpuSeconds(pid)];
  const invocation = await stack.invoke("release-due");
  const seconds = (performance.now() - begun) / 1000;
  if (invocation.kind !== "result") throw new Error(`release-due ${invocation.kind}`);
  return {
    stored: table.stored,
    due,
    seconds,
    cpuSeconds: (await cpuSeconds(pid)) - before,
    dynamoDb: Object.fromEntries(
      [...Map.groupBy(journal, ({ operation }) => operation)].map(([name, all]) => [name, all.length]),
    ),
    functionMB: await residentMB(pid),
    emulatorsMB: process.memoryUsage().rss / 1e6,
  };
}

/** Puts records into the table as they are when a request waits for its time. */
class Filling {
  stored = 0;
  private readonly stack: Stack;
  private readonly say: (text: string) => void;

  constructor(stack: Stack, say: (text: string) => void) {
    this.stack = stack;
    this.say = say;
  }

  async fillUpTo(rows: number): Promise<void> {
    const portion = 10_000;
    while (this.stored < rows) {
      await this.add(Math.min(portion, rows - this.stored), Date.now() + year);
      if (this.stored % (10 * portion) === 0) this.say(`${this.stored} rows stored`);
    }
  }

  addDue(rows: number): Promise<void> {
    return this.add(rows, Date.now() - 1_000);
  }

  private async add(rows: number, dueAt: number): Promise<void> {
    const { clients, env } = this.stack;
    const table = String(env["CONTACTS_TABLE"]);
    const records = Array.from({ length: rows }, (_, index) => deferred(`row-${this.stored + index}`, dueAt));
    await inParallel(batchesOf(writtenAtOnce, records), 4, async (batch) => {
      const RequestItems = { [table]: batch.map((record) => ({ PutRequest: { Item: marshall(record) } })) };
      const { UnprocessedItems = {} } = await clients.dynamoDb.send(
        new BatchWriteItemCommand({ RequestItems }),
      );
      if (Object.keys(UnprocessedItems).length > 0) throw new Error("the table did not take all rows");
    });
    this.stored += rows;
  }
}

function deferred(requestId: string, dueAtMs: number): CallRecord {
  const [now, dueAt] = [new Date().toISOString(), new Date(dueAtMs).toISOString()];
  const request = { requestId, destination: "+12065550100", attributes: { tier: "gold" }, onUnknown: "park" };
  return {
    requestId,
    requestHash: "0".repeat(64),
    request: JSON.stringify(request),
    state: "deferred",
    attempt: 1,
    revision: 1,
    lastWrite: "00000000-0000-4000-8000-000000000000",
    reason: "notBefore",
    dueAt,
    checkAt: dueAt,
    checkShard: checkShardOf(requestId),
    createdAt: now,
    updatedAt: now,
    ttl: Math.ceil((dueAtMs + year) / 1000),
  };
}
