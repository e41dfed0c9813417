import { type ConnectClient, paginateListQueues } from "@aws-sdk/client-connect";
import type { Queue } from "../metrics/metrics.ts";
import type { QueueLister } from "./queue-metrics.ts";

const largestPage = 1000;

export class ConnectQueueLister implements QueueLister {
  private readonly client: ConnectClient;
  private readonly instanceId: string;

  constructor(client: ConnectClient, instanceId: string) {
    this.client = client;
    this.instanceId = instanceId;
  }

  async list(): Promise<Queue[]> {
    const pages = paginateListQueues(
      { client: this.client, pageSize: largestPage },
      { InstanceId: this.instanceId, QueueTypes: ["STANDARD"] },
    );
    const queues: Queue[] = [];
    for await (const { QueueSummaryList = [] } of pages) {
      for (const { Id, Name } of QueueSummaryList) if (Id) queues.push({ queueId: Id, name: Name ?? "" });
    }
    return queues;
  }
}
