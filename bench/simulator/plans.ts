import { queuesAsked } from "./centres.ts";
import type { Unsigned } from "./signing.ts";
import { listUsers, type Survey } from "./survey.ts";

export interface Plan {
  name: string;
  /** Users of the smaller centre: as many as a page holds, so that both sizes answer with as many. */
  fewUsers: number;
  /** No request may be sent twice. */
  once: boolean;
  request(survey: Survey, index: number): Unsigned;
}

const few = 100;

export const plans: readonly Plan[] = [
  reading("DescribeUser", ({ instanceId, users }, index) => ({
    method: "GET",
    path: `/users/${instanceId}/${at(users, index).Id}`,
  })),
  reading("ListUsers, 100 a page", (survey, index) => listUsers(survey, at(survey.tokens, index), 100)),
  {
    ...reading("ListUsers, 1,000 a page", (survey, index) =>
      listUsers(survey, at(survey.tokens, index), 1000),
    ),
    fewUsers: 1000,
  },
  reading("SearchUsers, exact username", ({ instanceId, users }, index) => ({
    method: "POST",
    path: "/search-users",
    body: {
      InstanceId: instanceId,
      SearchCriteria: {
        StringCondition: {
          FieldName: "Username",
          ComparisonType: "EXACT",
          Value: at(users, index).Username,
        },
      },
    },
  })),
  reading(`GetCurrentMetricData, ${queuesAsked} queues`, ({ instanceId, queueIds }) => ({
    method: "POST",
    path: `/metrics/current/${instanceId}`,
    body: {
      Filters: { Queues: queueIds, Channels: ["VOICE"] },
      Groupings: ["QUEUE"],
      CurrentMetrics: [
        { Name: "AGENTS_ONLINE", Unit: "COUNT" },
        { Name: "AGENTS_AVAILABLE", Unit: "COUNT" },
        { Name: "CONTACTS_IN_QUEUE", Unit: "COUNT" },
        { Name: "OLDEST_CONTACT_AGE", Unit: "SECONDS" },
      ],
    },
  })),
  reading("StartOutboundVoiceContact", ({ instanceId, contactFlowId, queueIds }, index) => ({
    method: "PUT",
    path: "/contact/outbound-voice",
    body: {
      InstanceId: instanceId,
      ContactFlowId: contactFlowId,
      QueueId: at(queueIds, index),
      DestinationPhoneNumber: `+1206555${String(100 + (index % 50)).padStart(4, "0")}`,
      Attributes: { order: String(index) },
    },
  })),
  {
    ...reading("CreateUser", ({ instanceId, routingProfileId, securityProfileId }, index) => ({
      method: "PUT",
      path: `/users/${instanceId}`,
      body: {
        Username: `new-${index}`,
        Password: "Pass12345",
        IdentityInfo: { FirstName: "New", LastName: String(index) },
        PhoneConfig: { PhoneType: "SOFT_PHONE", AutoAccept: false, AfterContactWorkTimeLimit: 0 },
        SecurityProfileIds: [securityProfileId],
        RoutingProfileId: routingProfileId,
      },
    })),
    once: true,
  },
];

function reading(name: string, request: Plan["request"]): Plan {
  return { name, fewUsers: few, once: false, request };
}

/** Beyond the end from the beginning again. */
function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("there is nothing to ask for");
  return item;
}
