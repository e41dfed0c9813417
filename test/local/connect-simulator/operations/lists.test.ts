import {
  DeleteUserCommand,
  DescribeInstanceCommand,
  ListContactFlowsCommand,
  ListInstancesCommand,
  ListPhoneNumbersV2Command,
  type ListPhoneNumbersV2CommandInput,
  ListQueuesCommand,
  ListRoutingProfilesCommand,
  ListSecurityProfilesCommand,
  ListUsersCommand,
  paginateListInstances,
  paginateListPhoneNumbersV2,
  paginateListQueues,
  paginateListRoutingProfiles,
  paginateListSecurityProfiles,
  paginateListUsers,
} from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import { aCentre, type Centre } from "../support.ts";
import {
  aCentreOf,
  arn,
  createUser,
  InstanceId,
  type InstanceInput,
  invalidParameter,
  invalidRequest,
  notFound,
  otherRoutingProfile,
  refusalOf,
  routingProfile,
  securityProfile,
} from "./support.ts";

async function allOf<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[][]> {
  const all: Item[][] = [];
  for await (const page of pages) all.push([...(itemsOf(page) ?? [])]);
  return all;
}

describe("ListUsers", () => {
  it("shows each user once, in the order of their creation", async () => {
    const centre = await aCentreOf({ users: [{ username: "agent", count: 250 }] });
    const id = await createUser(centre);
    const { UserSummaryList, NextToken } = await centre.client.send(new ListUsersCommand({ InstanceId }));
    expect(UserSummaryList).toHaveLength(100);
    expect(NextToken).toBeDefined();

    const pages = await allOf(
      paginateListUsers({ client: centre.client }, { InstanceId }),
      (page) => page.UserSummaryList,
    );
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 51]);
    const [first, last] = [pages[0]?.[0], pages.at(-1)?.at(-1)];
    expect(first).toMatchObject({ Username: "agent-0001", LastModifiedRegion: "us-east-1" });
    expect(last).toMatchObject({ Id: id, Arn: arn("agent", id), Username: "ana" });
    expect(new Set(pages.flat().map(({ Id }) => Id)).size).toBe(251);
  });

  it("walks 10,000 users", { timeout: 30_000 }, async () => {
    const { client } = await aCentreOf({
      limits: { users: 10_000 },
      users: [{ username: "a", count: 10_000 }],
    });
    const pages = await allOf(
      paginateListUsers({ client, pageSize: 1000 }, { InstanceId }),
      (page) => page.UserSummaryList,
    );
    expect(pages).toHaveLength(10);
    expect(new Set(pages.flat().map(({ Username }) => Username)).size).toBe(10_000);
  });

  it.each([
    ["no results at all", { MaxResults: 0 }, invalidParameter],
    ["1,001 results", { MaxResults: 1001 }, invalidParameter],
    ["half a result", { MaxResults: 1.5 }, invalidParameter],
    ["a token that is none", { NextToken: "nonsense" }, invalidParameter],
    ["an unknown instance", { InstanceId: "unknown" }, notFound],
    ["an instance of 101 characters", { InstanceId: "i".repeat(101) }, invalidParameter],
  ])("refuses %s", async (_, members, refusal) => {
    const { client } = await aCentreOf();
    const sent = client.send(new ListUsersCommand({ InstanceId, ...members }));
    expect(await refusalOf(sent)).toMatchObject(refusal);
  });

  it("refuses results that are no number", async () => {
    const centre = await aCentreOf();
    const { status, type } = await centre.raw("GET", `/users-summary/${InstanceId}?maxResults=ten`);
    expect({ name: type, status }).toEqual(invalidRequest);
  });

  it("goes on behind a user who is deleted meanwhile", async () => {
    const users = ["ana", "ben", "eva", "ida"].map((username) => ({ username, id: username }));
    const { client } = await aCentreOf({ users });
    const two = { InstanceId, MaxResults: 2 };
    const { NextToken } = await client.send(new ListUsersCommand(two));
    for (const UserId of ["ana", "ben"]) await client.send(new DeleteUserCommand({ InstanceId, UserId }));
    const { UserSummaryList } = await client.send(new ListUsersCommand({ ...two, NextToken }));
    expect(UserSummaryList?.map(({ Id }) => Id)).toEqual(["eva", "ida"]);
  });

  it("knows its own tokens only", async () => {
    const { client } = await aCentreOf({ users: [{ username: "agent", count: 3 }] });
    const one = { InstanceId, MaxResults: 1 };
    const { NextToken } = await client.send(new ListUsersCommand(one));
    await client.send(new ListUsersCommand({ ...one, NextToken }));
    const elsewhere = client.send(new ListRoutingProfilesCommand({ ...one, NextToken }));
    expect(await refusalOf(elsewhere)).toMatchObject(invalidParameter);
  });
});

it("profiles are listed in pages", async () => {
  const { client } = await aCentreOf();
  const config = { client, pageSize: 1 };
  const routing = await allOf(
    paginateListRoutingProfiles(config, { InstanceId }),
    (page) => page.RoutingProfileSummaryList,
  );
  expect(routing.flat()).toMatchObject([
    { Id: routingProfile, Arn: arn("routing-profile", routingProfile), Name: "Basic" },
    { Id: otherRoutingProfile, Name: "Other" },
  ]);
  const security = await allOf(
    paginateListSecurityProfiles(config, { InstanceId }),
    (page) => page.SecurityProfileSummaryList,
  );
  expect(security).toHaveLength(2);
  expect(security[0]).toMatchObject([{ Id: securityProfile, Arn: arn("security-profile", securityProfile) }]);
  expect(
    await refusalOf(client.send(new ListSecurityProfilesCommand({ InstanceId: "unknown" }))),
  ).toMatchObject(notFound);
});

describe("ListQueues", () => {
  const instance: InstanceInput = {
    queues: [
      { name: "BasicQueue", id: "basic" },
      { name: "Sales", id: "sales" },
    ],
    users: [
      { username: "ana", id: "ana" },
      { username: "ben", id: "ben" },
      { username: "eva", id: "eva" },
    ],
  };
  const ids = (items: readonly { Id?: string | undefined }[]) => items.map(({ Id }) => Id);

  it.each([1, 2, 3, 4, 5, 1000])(
    "goes on with the agents' queues behind the others, by %i",
    async (pageSize) => {
      const { client } = await aCentreOf(instance);
      const pages = await allOf(
        paginateListQueues({ client, pageSize }, { InstanceId }),
        (page) => page.QueueSummaryList,
      );
      expect(pages.flat()).toMatchObject([
        { Id: "basic", Arn: arn("queue", "basic"), Name: "BasicQueue", QueueType: "STANDARD" },
        { Id: "sales" },
        { Id: "ana", Arn: arn("queue", "agent/ana"), QueueType: "AGENT" },
        { Id: "ben" },
        { Id: "eva" },
      ]);
      expect(pages).toHaveLength(Math.ceil(5 / pageSize));
    },
  );

  it("filters by type", async () => {
    const { client } = await aCentreOf(instance);
    const list = async (QueueTypes: ("STANDARD" | "AGENT")[]) =>
      ids((await client.send(new ListQueuesCommand({ InstanceId, QueueTypes }))).QueueSummaryList ?? []);
    expect(await list(["STANDARD"])).toEqual(["basic", "sales"]);
    expect(await list(["AGENT"])).toEqual(["ana", "ben", "eva"]);
    expect(await list(["AGENT", "STANDARD"])).toHaveLength(5);
    const wrong = client.send(new ListQueuesCommand({ InstanceId, QueueTypes: ["OTHER"] as never[] }));
    expect(await refusalOf(wrong)).toMatchObject(invalidParameter);
    const three = client.send(new ListQueuesCommand({ InstanceId, QueueTypes: ["AGENT", "AGENT", "AGENT"] }));
    expect(await refusalOf(three)).toMatchObject(invalidParameter);
  });

  it("has tokens for each filter", async () => {
    const { client } = await aCentreOf(instance);
    const one = { InstanceId, MaxResults: 1 };
    const { NextToken } = await client.send(new ListQueuesCommand({ ...one, QueueTypes: ["STANDARD"] }));
    const other = client.send(new ListQueuesCommand({ ...one, NextToken }));
    expect(await refusalOf(other)).toMatchObject(invalidParameter);
  });
});

it("contact flows show their type, state and status", async () => {
  const { client } = await aCentreOf({
    contactFlows: [
      { name: "Outbound", id: "out" },
      { name: "Whisper", id: "whisper", type: "AGENT_WHISPER", published: false, state: "ARCHIVED" },
    ],
  });
  const list = async (ContactFlowTypes?: "AGENT_WHISPER"[]) =>
    (await client.send(new ListContactFlowsCommand({ InstanceId, ContactFlowTypes }))).ContactFlowSummaryList;
  expect(await list()).toMatchObject([
    {
      Id: "out",
      Arn: arn("contact-flow", "out"),
      Name: "Outbound",
      ContactFlowType: "CONTACT_FLOW",
      ContactFlowState: "ACTIVE",
      ContactFlowStatus: "PUBLISHED",
    },
    { ContactFlowType: "AGENT_WHISPER", ContactFlowState: "ARCHIVED", ContactFlowStatus: "SAVED" },
  ]);
  expect(await list(["AGENT_WHISPER"])).toMatchObject([{ Id: "whisper" }]);
  const eleven = Array.from({ length: 11 }, () => "AGENT_WHISPER" as const);
  expect(await refusalOf(list(eleven))).toMatchObject(invalidParameter);
  expect(await refusalOf(list(["OTHER"] as never[]))).toMatchObject(invalidParameter);
});

describe("ListPhoneNumbersV2", () => {
  const other = "5ca1ab1e-0000-4000-8000-000000000009";
  const aPair = (): Promise<Centre> =>
    aCentre({
      centre: {
        instances: [
          { phoneNumbers: ["+12065550199", { number: "+18005550100", type: "TOLL_FREE" }] },
          { id: other, phoneNumbers: ["+34911234567"] },
        ],
      },
    });

  async function numbers({ client }: Centre, members: ListPhoneNumbersV2CommandInput) {
    const pagination = paginateListPhoneNumbersV2({ client, pageSize: 1 }, members);
    const pages = await allOf(pagination, (page) => page.ListPhoneNumbersSummaryList);
    return pages.flat().map(({ PhoneNumber }) => PhoneNumber);
  }

  it("shows what a number is", async () => {
    const { client, simulator } = await aPair();
    const { ListPhoneNumbersSummaryList } = await client.send(new ListPhoneNumbersV2Command({ InstanceId }));
    const number = ListPhoneNumbersSummaryList?.[1];
    expect(number).toMatchObject({
      PhoneNumberArn: `arn:aws:connect:us-east-1:111122223333:phone-number/${number?.PhoneNumberId}`,
      PhoneNumber: "+18005550100",
      PhoneNumberType: "TOLL_FREE",
      TargetArn: simulator.instanceArn,
      InstanceId,
    });
    expect(ListPhoneNumbersSummaryList?.[0]).toMatchObject({ PhoneNumberCountryCode: "US" });
  });

  it("has the numbers of one instance or of all, in pages", async () => {
    const centre = await aPair();
    const all = ["+12065550199", "+18005550100", "+34911234567"];
    expect(await numbers(centre, {})).toEqual(all);
    expect(await numbers(centre, { InstanceId: other })).toEqual(["+34911234567"]);
    expect(await numbers(centre, { TargetArn: centre.simulator.instanceArn })).toEqual(all.slice(0, 2));
  });

  it.each([
    ["country", { PhoneNumberCountryCodes: ["ES"] }, ["+34911234567"]],
    ["type", { PhoneNumberTypes: ["TOLL_FREE"] }, ["+18005550100"]],
    ["prefix", { PhoneNumberPrefix: "+1206" }, ["+12065550199"]],
    ["prefix without a plus", { PhoneNumberPrefix: "34" }, ["+34911234567"]],
    ["all of them", { PhoneNumberTypes: ["DID"], PhoneNumberPrefix: "+18" }, []],
  ])("filters by %s", async (_, members, found) => {
    expect(await numbers(await aPair(), members as ListPhoneNumbersV2CommandInput)).toEqual(found);
  });

  it.each([
    ["both targets", { InstanceId, TargetArn: arn("x", "y") }, invalidParameter],
    ["an unknown instance", { InstanceId: "unknown" }, notFound],
    ["an unknown target", { TargetArn: "arn:aws:connect:us-east-1:111122223333:instance/x" }, notFound],
    ["an unknown country", { PhoneNumberCountryCodes: ["XX"] }, invalidParameter],
    ["11 countries", { PhoneNumberCountryCodes: Array.from({ length: 11 }, () => "US") }, invalidParameter],
    ["an unknown type", { PhoneNumberTypes: ["MOBILE"] }, invalidParameter],
    ["a prefix with letters", { PhoneNumberPrefix: "+1a" }, invalidParameter],
    ["1,001 results", { MaxResults: 1001 }, invalidParameter],
  ])("refuses %s", async (_, members, refusal) => {
    const { client } = await aPair();
    const command = new ListPhoneNumbersV2Command(members as ListPhoneNumbersV2CommandInput);
    expect(await refusalOf(client.send(command))).toMatchObject(refusal);
  });
});

describe("instances", () => {
  it("are described", async () => {
    const { client, simulator } = await aCentreOf({
      alias: "acme",
      identityManagementType: "SAML",
      inboundCallsEnabled: false,
    });
    for (const given of [InstanceId, simulator.instanceArn]) {
      const { Instance } = await client.send(new DescribeInstanceCommand({ InstanceId: given }));
      expect(Instance).toMatchObject({
        Id: InstanceId,
        Arn: simulator.instanceArn,
        IdentityManagementType: "SAML",
        InstanceAlias: "acme",
        CreatedTime: new Date(simulator.clockReading().now),
        InstanceStatus: "ACTIVE",
        InboundCallsEnabled: false,
        OutboundCallsEnabled: true,
        InstanceAccessUrl: "https://acme.my.connect.aws",
      });
      expect(Instance?.ServiceRole).toMatch(/^arn:aws:iam::111122223333:role\//);
    }
    const unknown = client.send(new DescribeInstanceCommand({ InstanceId: "unknown" }));
    expect(await refusalOf(unknown)).toMatchObject(notFound);
  });

  it("are listed, ten at most on a page", async () => {
    const instances = Array.from({ length: 12 }, (_, at) => ({ alias: `acme-${at}` }));
    const { client } = await aCentre({ centre: { instances } });
    const pages = await allOf(paginateListInstances({ client }, {}), (page) => page.InstanceSummaryList);
    expect(pages.map(({ length }) => length)).toEqual([10, 2]);
    expect(pages.flat().map(({ InstanceAlias }) => InstanceAlias)).toEqual(
      instances.map(({ alias }) => alias),
    );
    const eleven = client.send(new ListInstancesCommand({ MaxResults: 11 }));
    // The one name for bad input that this operation models.
    expect(await refusalOf(eleven)).toMatchObject({ name: "InvalidRequestException" });
  });
});
