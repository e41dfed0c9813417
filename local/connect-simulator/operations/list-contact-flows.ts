import type { ListContactFlowsResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { contactFlowTypes } from "../instance/contact-flow-types.ts";
import { findInstance } from "../instance/find.ts";
import { absentOr, instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { pageMembers, pageOf, pageQuery } from "../wire/pages.ts";

const wantedTypes = v.pipe(
  v.array(v.picklist(contactFlowTypes, "is not a type of contact flows")),
  v.maxLength(10, "must have at most 10 entries"),
);

export const listContactFlows = operation({
  name: "ListContactFlows",
  method: "GET",
  path: "/contact-flows-summary/{InstanceId}",
  query: { ...pageQuery, ContactFlowTypes: { name: "contactFlowTypes", as: "texts" } },
  input: v.object({ InstanceId: instanceId, ContactFlowTypes: absentOr(wantedTypes), ...pageMembers() }),
  carryOut(request, world) {
    const { id, contactFlows, place } = findInstance(request.InstanceId, world);
    const wanted = new Set<string>(
      request.ContactFlowTypes?.length ? request.ContactFlowTypes : contactFlowTypes,
    );
    const scope = ["ListContactFlows", id, [...wanted].sort()];
    const { rows, nextToken } = pageOf(contactFlows, request, scope, ({ type }) => wanted.has(type));
    return {
      ContactFlowSummaryList: rows.map((flow) => ({
        Id: flow.id,
        Arn: place.arn("contact-flow", flow.id),
        Name: flow.name,
        ContactFlowType: contactFlowTypes.find((type) => type === flow.type),
        ContactFlowState: flow.state,
        ContactFlowStatus: flow.published ? ("PUBLISHED" as const) : ("SAVED" as const),
      })),
      NextToken: nextToken,
    } satisfies OnTheWire<ListContactFlowsResponse>;
  },
});
