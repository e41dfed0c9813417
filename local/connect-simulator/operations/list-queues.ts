import type { ListQueuesResponse, QueueSummary } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import type { Instance } from "../instance/instance.ts";
import { absentOr, instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { pageMembers, pageOf, pageQuery } from "../wire/pages.ts";
import type { World } from "../world.ts";
import { chained, mapped, type Source } from "./chained.ts";
import { lastModified, summaryOf } from "./summaries.ts";

type Summary = OnTheWire<QueueSummary>;

const queueTypes = v.pipe(
  v.array(v.picklist(["STANDARD", "AGENT"], "must be STANDARD or AGENT")),
  v.maxLength(2, "must have at most 2 entries"),
);

export const listQueues = operation({
  name: "ListQueues",
  method: "GET",
  path: "/queues-summary/{InstanceId}",
  query: { ...pageQuery, QueueTypes: { name: "queueTypes", as: "texts" } },
  input: v.object({ InstanceId: instanceId, QueueTypes: absentOr(queueTypes), ...pageMembers() }),
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    const types = request.QueueTypes?.length ? request.QueueTypes : (["STANDARD", "AGENT"] as const);
    const sources: Source<Summary>[] = [];
    if (types.includes("STANDARD")) sources.push(standardQueues(instance, world));
    if (types.includes("AGENT")) sources.push(agentQueues(instance, world));
    const { rows, nextToken } = pageOf(chained(sources), request, [
      "ListQueues",
      instance.id,
      [...types].sort(),
    ]);
    return { QueueSummaryList: rows, NextToken: nextToken } satisfies OnTheWire<ListQueuesResponse>;
  },
});

const standardQueues = (instance: Instance, world: World): Source<Summary> =>
  mapped(instance.queues, (queue) => ({
    ...summaryOf("queue", queue, instance, world),
    QueueType: queue.type,
  }));

/** Every user has one of their own, without a name. */
const agentQueues = ({ users, place }: Instance, world: World): Source<Summary> =>
  mapped(users, (user) => ({
    Id: user.id,
    Arn: place.arn("queue", `agent/${user.id}`),
    QueueType: "AGENT",
    ...lastModified(user.modifiedAt, world),
  }));
