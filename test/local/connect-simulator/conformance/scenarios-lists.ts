import { expect } from "vitest";
import type { ConnectSimulatorOptions } from "../../../../local/connect-simulator/simulator.ts";
import { anInstance, InstanceId } from "../operations/support.ts";
import type { Input } from "./sample.ts";
import type { Scenarios, Scene } from "./scenario.ts";

const options: ConnectSimulatorOptions = {
  centre: {
    instances: [
      anInstance({
        queues: [{ name: "BasicQueue", id: "basic" }, { name: "Second" }],
        contactFlows: [
          { name: "Outbound" },
          { name: "Draft", type: "CAMPAIGN", state: "ARCHIVED", published: false },
        ],
        phoneNumbers: ["+12065550199", { number: "+448081570192", type: "TOLL_FREE" }],
        users: [{ username: "ana" }, { username: "ben" }],
      }),
      anInstance({
        id: "5ca1ab1e-0000-4000-8000-000000000009",
        alias: "second",
        identityManagementType: "SAML",
      }),
    ],
  },
};
const on = (members: Input = {}): Scene => ({ options, input: { InstanceId, ...members } });
const account = (members: Input = {}): Scene => ({ options, input: members });

/** Of every list of an instance whose page is asked for in the query. */
const pagesRefused = {
  InvalidRequestException: { "a text for a number": on({ MaxResults: "ten" }) },
  InvalidParameterException: {
    "no results at all": on({ MaxResults: 0 }),
    "a token that is none": on({ NextToken: "none" }),
  },
};
const list = (more: Readonly<Record<string, Scene>> = {}) => ({
  replies: { everything: on(), "a page": on({ MaxResults: 1 }), ...more },
  refusals: pagesRefused,
});

export const listScenarios = {
  ListUsers: list(),
  ListRoutingProfiles: list(),
  ListSecurityProfiles: list(),
  ListQueues: list({
    "queues of agents": {
      ...on({ QueueTypes: ["AGENT"] }),
      holds: ({ output }) => expect(output["QueueSummaryList"]).toHaveLength(2),
    },
  }),
  ListContactFlows: list({
    "flows of two types": {
      ...on({ ContactFlowTypes: ["CAMPAIGN", "AGENT_HOLD"] }),
      holds: ({ output }) => expect(output["ContactFlowSummaryList"]).toMatchObject([{ Name: "Draft" }]),
    },
  }),
  ListPhoneNumbersV2: {
    replies: {
      "the numbers of all instances": account(),
      "a page": account({ MaxResults: 1 }),
      "the toll-free numbers of one": {
        ...on({ PhoneNumberTypes: ["TOLL_FREE"], PhoneNumberCountryCodes: ["GB"], PhoneNumberPrefix: "+44" }),
        holds: ({ output }) => expect(output["ListPhoneNumbersSummaryList"]).toHaveLength(1),
      },
    },
    refusals: {
      InvalidParameterException: {
        "an instance by two names": on({
          TargetArn: `arn:aws:connect:us-east-1:111122223333:instance/${InstanceId}`,
        }),
      },
      ResourceNotFoundException: {
        "an unknown instance": on({ InstanceId: "unknown" }),
        "an unknown target": account({
          TargetArn: "arn:aws:connect:us-east-1:111122223333:instance/unknown",
        }),
      },
    },
  },
  DescribeInstance: {
    replies: {
      "an instance": on(),
      "an instance that uses SAML": on({ InstanceId: "5ca1ab1e-0000-4000-8000-000000000009" }),
    },
    refusals: {
      InvalidRequestException: { "an instance of 101 characters": on({ InstanceId: "i".repeat(101) }) },
    },
  },
  ListInstances: {
    replies: { everything: account(), "a page": account({ MaxResults: 1 }) },
    refusals: {
      InvalidRequestException: {
        "eleven results": account({ MaxResults: 11 }),
        "a token that is none": account({ NextToken: "none" }),
      },
    },
  },
} satisfies Record<string, Scenarios>;
