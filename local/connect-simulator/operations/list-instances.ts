import type { ListInstancesResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { pageMembers, pageOf, pageQuery } from "../wire/pages.ts";
import { listed } from "./chained.ts";
import { instanceSummary } from "./summaries.ts";

const largestPage = 10;

export const listInstances = operation({
  name: "ListInstances",
  method: "GET",
  path: "/instance",
  query: pageQuery,
  badInput: "InvalidRequestException",
  input: v.object(pageMembers(largestPage)),
  carryOut(request, world) {
    const source = listed([...world.instances.values()]);
    const { rows, nextToken } = pageOf(source, request, ["ListInstances"], undefined, largestPage);
    return {
      InstanceSummaryList: rows.map(instanceSummary),
      NextToken: nextToken,
    } satisfies OnTheWire<ListInstancesResponse>;
  },
});
