import {
  CreateUserCommand,
  DeleteUserCommand,
  DescribeUserCommand,
  UpdateUserHierarchyCommand,
  UpdateUserIdentityInfoCommand,
  UpdateUserPhoneConfigCommand,
  UpdateUserRoutingProfileCommand,
  UpdateUserSecurityProfilesCommand,
} from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import {
  aCentreOf,
  arn,
  aUser,
  type CreateUserMembers,
  createUser,
  describeUser,
  duplicate,
  group,
  groupBelow,
  InstanceId,
  type InstanceInput,
  invalidParameter,
  invalidRequest,
  limitExceeded,
  notFound,
  otherRoutingProfile,
  otherSecurityProfile,
  refusalOf,
  routingProfile,
  securityProfile,
} from "./support.ts";

const saml: InstanceInput = { identityManagementType: "SAML" };
const directory: InstanceInput = { identityManagementType: "EXISTING_DIRECTORY" };
const withoutPassword: CreateUserMembers = { Password: undefined };
const names = { FirstName: "Ana", LastName: "Ruiz" };
const tags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`key${at}`, "v"]));

/** What the SDK's types would not let through. */
const wrong = (members: Record<string, unknown>) => members as CreateUserMembers;

describe("CreateUser", () => {
  it("makes a user, whom DescribeUser shows", async () => {
    const centre = await aCentreOf();
    const { UserId = "", UserArn } = await centre.client.send(
      new CreateUserCommand(
        aUser({
          IdentityInfo: {
            ...names,
            Email: "ana@example.com",
            SecondaryEmail: "ana.ruiz@example.com",
            Mobile: "+12065550123",
          },
          SecurityProfileIds: [arn("security-profile", securityProfile), otherSecurityProfile],
          HierarchyGroupId: groupBelow,
          Tags: { "cost centre": "7", équipe: "" },
        }),
      ),
    );
    expect(UserArn).toBe(arn("agent", UserId));
    const user = await describeUser(centre, UserId);
    expect(user).toMatchObject({
      Id: UserId,
      Arn: UserArn,
      Username: "ana",
      IdentityInfo: { ...names, Email: "ana@example.com", Mobile: "+12065550123" },
      PhoneConfig: { PhoneType: "SOFT_PHONE", AutoAccept: true, AfterContactWorkTimeLimit: 30 },
      SecurityProfileIds: [securityProfile, otherSecurityProfile],
      RoutingProfileId: routingProfile,
      HierarchyGroupId: groupBelow,
      Tags: { "cost centre": "7", équipe: "" },
      LastModifiedRegion: "us-east-1",
    });
    expect(user.LastModifiedTime).toEqual(new Date((await centre.simulator.clockReading()).now));
    expect(JSON.stringify(user)).not.toContain("Passw0rd");
  });

  it("needs neither phone settings nor an e-mail address", async () => {
    const centre = await aCentreOf();
    const user = await describeUser(centre, await createUser(centre, { PhoneConfig: undefined }));
    expect(user.PhoneConfig).toEqual({});
    expect(user.HierarchyGroupId).toBeUndefined();
  });

  it("keeps the lists for each channel", async () => {
    const centre = await aCentreOf();
    const lists = {
      AutoAcceptConfigs: [{ Channel: "VOICE", AutoAccept: true, AgentFirstCallbackAutoAccept: false }],
      AfterContactWorkConfigs: [
        { Channel: "CHAT", AfterContactWorkConfig: { AfterContactWorkTimeLimit: 60 } },
      ],
      PhoneNumberConfigs: [{ Channel: "VOICE", PhoneType: "DESK_PHONE", PhoneNumber: "+12065550123" }],
      PersistentConnectionConfigs: [{ Channel: "VOICE", PersistentConnection: true }],
      VoiceEnhancementConfigs: [{ Channel: "VOICE", VoiceEnhancementMode: "NONE" }],
    } as const;
    const members = wrong({ ...lists, PhoneConfig: undefined });
    expect(await describeUser(centre, await createUser(centre, members))).toMatchObject(lists);
  });

  const refused: [what: string, members: CreateUserMembers, refusal: object, names: RegExp][] = [
    ["no username", { Username: undefined }, invalidRequest, /Username/],
    ["an empty username", { Username: "" }, invalidParameter, /Username/],
    ["a username of 21 characters", { Username: "u".repeat(21) }, invalidParameter, /Username.*20/],
    ["a username with an @ but no domain", { Username: "ana@example" }, invalidParameter, /Username/],
    ["no password", { Password: undefined }, invalidRequest, /Password/],
    ["a password of 7 characters", { Password: "Passw0r" }, invalidParameter, /Password/],
    ["a password of 65 characters", { Password: `Aa1${"x".repeat(62)}` }, invalidParameter, /Password/],
    ["a password without lower case", { Password: "PASSW0RD" }, invalidParameter, /Password/],
    ["a password without upper case", { Password: "passw0rd" }, invalidParameter, /Password/],
    ["a password without a digit", { Password: "Parolaaa" }, invalidParameter, /Password/],
    ["a password with a space", { Password: "Pass w0rd" }, invalidParameter, /Password/],
    ["a password that is a number", wrong({ Password: 123456789 }), invalidRequest, /Password/],
    ["no identity", { IdentityInfo: undefined }, invalidRequest, /FirstName/],
    ["no first name", { IdentityInfo: { LastName: "Ruiz" } }, invalidRequest, /FirstName/],
    ["an empty last name", { IdentityInfo: { FirstName: "Ana", LastName: "" } }, invalidRequest, /LastName/],
    [
      "a first name of 256 characters",
      { IdentityInfo: { ...names, FirstName: "a".repeat(256) } },
      invalidParameter,
      /FirstName/,
    ],
    [
      "a last name of 301 characters",
      { IdentityInfo: { ...names, LastName: "a".repeat(301) } },
      invalidParameter,
      /LastName/,
    ],
    [
      "a decomposed name",
      { IdentityInfo: { ...names, FirstName: "Zoe\u0308" } },
      invalidParameter,
      /FirstName.*Normalization Form C/,
    ],
    ["an identity that is a list", wrong({ IdentityInfo: [] }), invalidRequest, /IdentityInfo/],
    [
      "a second address that is none",
      { IdentityInfo: { ...names, SecondaryEmail: "nobody" } },
      invalidParameter,
      /SecondaryEmail/,
    ],
    ["a mobile that is no number", { IdentityInfo: { ...names, Mobile: "1" } }, invalidParameter, /Mobile/],
    [
      "an after-contact work limit of 2,000,001 seconds",
      { PhoneConfig: { AfterContactWorkTimeLimit: 2_000_001 } },
      invalidParameter,
      /AfterContactWorkTimeLimit/,
    ],
    [
      "an unknown type of phone",
      wrong({ PhoneConfig: { PhoneType: "MOBILE" } }),
      invalidParameter,
      /PhoneType/,
    ],
    [
      "a desk phone without a number",
      { PhoneConfig: { PhoneType: "DESK_PHONE" } },
      invalidRequest,
      /DeskPhoneNumber/,
    ],
    [
      "a desk phone with a local number",
      { PhoneConfig: { PhoneType: "DESK_PHONE", DeskPhoneNumber: "5550123" } },
      invalidParameter,
      /DeskPhoneNumber/,
    ],
    [
      "auto-accept in both ways",
      { AutoAcceptConfigs: [{ Channel: "VOICE", AutoAccept: true }] },
      invalidRequest,
      /AutoAcceptConfigs.*PhoneConfig.AutoAccept/,
    ],
    [
      "after-contact work in both ways",
      { AfterContactWorkConfigs: [{ Channel: "VOICE", AfterContactWorkConfig: {} }] },
      invalidRequest,
      /AfterContactWorkConfigs/,
    ],
    [
      "a phone in both ways",
      { PhoneNumberConfigs: [{ Channel: "VOICE", PhoneType: "SOFT_PHONE" }] },
      invalidRequest,
      /PhoneNumberConfigs/,
    ],
    [
      "a persistent connection in both ways",
      {
        PhoneConfig: { PersistentConnection: false },
        PersistentConnectionConfigs: [{ Channel: "VOICE", PersistentConnection: true }],
      },
      invalidRequest,
      /PersistentConnectionConfigs/,
    ],
    ["a directory's id", { DirectoryUserId: "d-1" }, invalidRequest, /DirectoryUserId/],
    ["no security profile", { SecurityProfileIds: [] }, invalidParameter, /SecurityProfileIds/],
    [
      "11 security profiles",
      { SecurityProfileIds: Array.from({ length: 11 }, () => securityProfile) },
      invalidParameter,
      /SecurityProfileIds/,
    ],
    ["an unknown security profile", { SecurityProfileIds: ["unknown"] }, notFound, /SecurityProfileIds/],
    ["an unknown routing profile", { RoutingProfileId: "unknown" }, notFound, /RoutingProfileId/],
    ["an unknown group", { HierarchyGroupId: "unknown" }, notFound, /HierarchyGroupId/],
    ["an unknown instance", { InstanceId: "unknown" }, notFound, /InstanceId/],
    ["tags without an entry", { Tags: {} }, invalidParameter, /Tags/],
    ["51 tags", { Tags: tags(51) }, invalidParameter, /Tags/],
    ["a tag of AWS's own", { Tags: { "aws:x": "v" } }, invalidParameter, /Tags/],
    ["a tag with a key of 129 characters", { Tags: { ["k".repeat(129)]: "v" } }, invalidParameter, /Tags/],
    ["a tag with 257 characters", { Tags: { k: "v".repeat(257) } }, invalidParameter, /Tags/],
  ];
  it.each(refused)("refuses %s", async (_, members, refusal, mention) => {
    const centre = await aCentreOf();
    const got = await refusalOf(centre.client.send(new CreateUserCommand(aUser(members))));
    expect(got).toMatchObject({ ...refusal, message: expect.stringMatching(mention) });
    if (members.Password !== undefined) expect(got.message).not.toContain(String(members.Password));
    expect(centre.warnings).toEqual([]);
  });

  it("takes 50 tags and 10 security profiles", async () => {
    const securityProfiles = Array.from({ length: 10 }, (_, at) => ({ name: `p${at}`, id: `p${at}` }));
    const centre = await aCentreOf({ securityProfiles });
    const ids = securityProfiles.map(({ id }) => id);
    const user = await describeUser(
      centre,
      await createUser(centre, { SecurityProfileIds: ids, Tags: tags(50) }),
    );
    expect(user.SecurityProfileIds).toEqual(ids);
    expect(Object.keys(user.Tags ?? {})).toHaveLength(50);
  });

  it("refuses a username that is taken, in that case", async () => {
    const centre = await aCentreOf();
    const first = await createUser(centre);
    expect(await refusalOf(createUser(centre))).toMatchObject(duplicate);
    await createUser(centre, { Username: "ANA" });
    await centre.client.send(new DeleteUserCommand({ InstanceId, UserId: first }));
    await createUser(centre);
  });

  it("refuses the user beyond the quota", async () => {
    const centre = await aCentreOf({ limits: { users: 1 } });
    const id = await createUser(centre);
    expect(await refusalOf(createUser(centre, { Username: "ben" }))).toMatchObject(limitExceeded);
    await centre.client.send(new DeleteUserCommand({ InstanceId, UserId: id }));
    await createUser(centre, { Username: "ben" });
  });
});

describe("the ways to sign in", () => {
  it.each([
    ["SAML", saml, "ana.ruiz-1_x@example.com", undefined],
    ["SAML", saml, "u".repeat(64), undefined],
    ["EXISTING_DIRECTORY", directory, "ana", "d-1"],
  ])("%s takes users without a password", async (_, instance, Username, DirectoryUserId) => {
    const centre = await aCentreOf(instance);
    const id = await createUser(centre, { ...withoutPassword, Username, DirectoryUserId });
    expect(await describeUser(centre, id)).toMatchObject({
      Username,
      ...(DirectoryUserId !== undefined && { DirectoryUserId }),
    });
  });

  it("EXISTING_DIRECTORY has the names from its directory", async () => {
    const centre = await aCentreOf(directory);
    const id = await createUser(centre, { ...withoutPassword, IdentityInfo: undefined });
    await centre.client.send(
      new UpdateUserIdentityInfoCommand({ InstanceId, UserId: id, IdentityInfo: { Mobile: "+12065550123" } }),
    );
    expect((await describeUser(centre, id)).IdentityInfo).toEqual({ Mobile: "+12065550123" });
  });

  const refused: [what: string, InstanceInput, CreateUserMembers, object, RegExp][] = [
    ["SAML a password", saml, {}, invalidRequest, /Password/],
    [
      "SAML a directory's id",
      saml,
      { ...withoutPassword, DirectoryUserId: "d" },
      invalidRequest,
      /Directory/,
    ],
    [
      "SAML 65 characters",
      saml,
      { ...withoutPassword, Username: "u".repeat(65) },
      invalidParameter,
      /Username/,
    ],
    ["SAML a space", saml, { ...withoutPassword, Username: "ana ruiz" }, invalidParameter, /Username/],
    ["SAML a bare @", saml, { ...withoutPassword, Username: "ana@example" }, invalidParameter, /Username/],
    ["SAML no name", saml, { ...withoutPassword, IdentityInfo: undefined }, invalidRequest, /FirstName/],
    ["a directory a password", directory, {}, invalidRequest, /Password/],
    [
      "a directory 21 characters",
      directory,
      { ...withoutPassword, Username: "u".repeat(21) },
      invalidParameter,
      /Username/,
    ],
  ];
  it.each(refused)("refuse %s", async (_, instance, members, refusal, mention) => {
    const centre = await aCentreOf(instance);
    const got = await refusalOf(createUser(centre, members));
    expect(got).toMatchObject({ ...refusal, message: expect.stringMatching(mention) });
  });

  it.each([
    ["refused", "ana@example.com", false],
    ["refused", undefined, true],
    ["required", "ana@example.com", true],
    ["required", undefined, false],
    ["allowed", "ana@example.com", true],
    ["allowed", undefined, true],
  ] as const)("SAML with e-mail %s and %s", async (samlEmail, Email, taken) => {
    const centre = await aCentreOf(saml, { deviations: { samlEmail } });
    const created = createUser(centre, { ...withoutPassword, IdentityInfo: { ...names, Email } });
    if (taken) await created;
    else expect(await refusalOf(created)).toMatchObject(invalidRequest);
  });
});

describe("one user", () => {
  it("goes by id or ARN, as the instance does", async () => {
    const centre = await aCentreOf();
    const id = await createUser(centre);
    for (const UserId of [id, arn("agent", id)]) {
      expect((await describeUser(centre, UserId)).Id).toBe(id);
    }
    const byArn = { InstanceId: centre.simulator.instanceArn, UserId: arn("agent", id) };
    expect((await centre.client.send(new DescribeUserCommand(byArn))).User?.Id).toBe(id);
  });

  it("is gone once deleted", async () => {
    const centre = await aCentreOf();
    const id = await createUser(centre);
    const { $metadata } = await centre.client.send(new DeleteUserCommand({ InstanceId, UserId: id }));
    expect($metadata.httpStatusCode).toBe(200);
    expect(await refusalOf(describeUser(centre, id))).toMatchObject(notFound);
    expect(
      await refusalOf(centre.client.send(new DeleteUserCommand({ InstanceId, UserId: id }))),
    ).toMatchObject(notFound);
  });

  it("is given other identity, phone, profiles and groups", async () => {
    const centre = await aCentreOf();
    const { client } = centre;
    const UserId = await createUser(centre, { IdentityInfo: { ...names, Email: "ana@example.com" } });
    const before = await describeUser(centre, UserId);
    await centre.advance(90);
    const IdentityInfo = { FirstName: "Ben", LastName: "Vega" };
    const PhoneConfig = { PhoneType: "DESK_PHONE", DeskPhoneNumber: "+12065550123" } as const;
    const one = { InstanceId, UserId };
    await client.send(new UpdateUserIdentityInfoCommand({ ...one, IdentityInfo }));
    await client.send(new UpdateUserPhoneConfigCommand({ ...one, PhoneConfig }));
    await client.send(new UpdateUserRoutingProfileCommand({ ...one, RoutingProfileId: otherRoutingProfile }));
    await client.send(
      new UpdateUserSecurityProfilesCommand({ ...one, SecurityProfileIds: [otherSecurityProfile] }),
    );
    await client.send(
      new UpdateUserHierarchyCommand({ ...one, HierarchyGroupId: arn("agent-group", group) }),
    );

    const after = await describeUser(centre, UserId);
    expect(after).toMatchObject({
      Username: "ana",
      IdentityInfo,
      PhoneConfig,
      RoutingProfileId: otherRoutingProfile,
      SecurityProfileIds: [otherSecurityProfile],
      HierarchyGroupId: group,
    });
    expect(after.IdentityInfo).toEqual(IdentityInfo);
    expect(after.PhoneConfig).toEqual(PhoneConfig);
    expect(Number(after.LastModifiedTime) - Number(before.LastModifiedTime)).toBe(90_000);
  });

  it("loses the lists that a newer PhoneConfig says otherwise", async () => {
    const centre = await aCentreOf();
    const UserId = await createUser(centre, {
      PhoneConfig: undefined,
      AutoAcceptConfigs: [{ Channel: "VOICE", AutoAccept: true }],
      VoiceEnhancementConfigs: [{ Channel: "VOICE", VoiceEnhancementMode: "NONE" }],
    });
    const PhoneConfig = { AutoAccept: false };
    await centre.client.send(new UpdateUserPhoneConfigCommand({ InstanceId, UserId, PhoneConfig }));
    const user = await describeUser(centre, UserId);
    expect(user.AutoAcceptConfigs).toBeUndefined();
    expect(user.VoiceEnhancementConfigs).toHaveLength(1);
  });

  it.each([
    ["UpdateUserIdentityInfo", { IdentityInfo: names }, { IdentityInfo: { LastName: "Ruiz" } }],
    [
      "UpdateUserPhoneConfig",
      { PhoneConfig: { PhoneType: "SOFT_PHONE" } },
      { PhoneConfig: { PhoneType: "DESK_PHONE" } },
    ],
    ["UpdateUserRoutingProfile", { RoutingProfileId: routingProfile }, {}],
    ["UpdateUserSecurityProfiles", { SecurityProfileIds: [securityProfile] }, {}],
  ] as const)("%s refuses unknown users and bad members", async (operation, good, bad) => {
    const centre = await aCentreOf();
    const UserId = await createUser(centre);
    const send = (members: object) => {
      const commands = {
        UpdateUserIdentityInfo: UpdateUserIdentityInfoCommand,
        UpdateUserPhoneConfig: UpdateUserPhoneConfigCommand,
        UpdateUserRoutingProfile: UpdateUserRoutingProfileCommand,
        UpdateUserSecurityProfiles: UpdateUserSecurityProfilesCommand,
      };
      const Command = commands[operation] as typeof UpdateUserIdentityInfoCommand;
      return centre.client.send(new Command({ InstanceId, UserId, ...members } as never));
    };
    await send(good);
    expect(await refusalOf(send({ ...good, UserId: "unknown" }))).toMatchObject(notFound);
    expect(await refusalOf(send(bad))).toMatchObject(invalidRequest);
  });

  it.each([
    [
      "an unknown routing profile",
      UpdateUserRoutingProfileCommand,
      { RoutingProfileId: "unknown" },
      notFound,
    ],
    [
      "an unknown security profile",
      UpdateUserSecurityProfilesCommand,
      { SecurityProfileIds: ["x"] },
      notFound,
    ],
    ["an unknown group", UpdateUserHierarchyCommand, { HierarchyGroupId: "unknown" }, notFound],
    ["no security profiles", UpdateUserSecurityProfilesCommand, { SecurityProfileIds: [] }, invalidParameter],
    [
      "a limit of 2,000,001 seconds",
      UpdateUserPhoneConfigCommand,
      { PhoneConfig: { AfterContactWorkTimeLimit: 2_000_001 } },
      invalidParameter,
    ],
  ])("refuses %s", async (_, Command, members, refusal) => {
    const centre = await aCentreOf();
    const UserId = await createUser(centre);
    const command = new (Command as typeof UpdateUserHierarchyCommand)({ InstanceId, UserId, ...members });
    expect(await refusalOf(centre.client.send(command))).toMatchObject(refusal);
  });

  it.each(["clears", "refused"] as const)("hierarchy without a group: %s", async (hierarchyWithoutGroup) => {
    const centre = await aCentreOf({}, { deviations: { hierarchyWithoutGroup } });
    const UserId = await createUser(centre, { HierarchyGroupId: group });
    const sent = centre.client.send(new UpdateUserHierarchyCommand({ InstanceId, UserId }));
    if (hierarchyWithoutGroup === "refused") expect(await refusalOf(sent)).toMatchObject(invalidRequest);
    else await sent;
    const { HierarchyGroupId } = await describeUser(centre, UserId);
    expect(HierarchyGroupId).toBe(hierarchyWithoutGroup === "refused" ? group : undefined);
  });

  it("is not seen before its time, where new users take some", async () => {
    let now = Date.parse("2026-11-24T12:00:00Z");
    const centre = await aCentreOf({}, { deviations: { userVisibleAfterSeconds: 5 }, realClock: () => now });
    const UserId = await createUser(centre);
    const update = () =>
      centre.client.send(
        new UpdateUserRoutingProfileCommand({ InstanceId, UserId, RoutingProfileId: routingProfile }),
      );
    now += 4_999;
    expect(await refusalOf(describeUser(centre, UserId))).toMatchObject(notFound);
    expect(await refusalOf(update())).toMatchObject(notFound);
    expect(await refusalOf(createUser(centre))).toMatchObject(duplicate);
    now += 1;
    await describeUser(centre, UserId);
    await update();
  });
});

it("takes an agent's contacts from one routing profile to another", async () => {
  const queues = [{ name: "BasicQueue" }, { name: "Sales", id: "sales" }];
  const centre = await aCentreOf({
    queues,
    routingProfiles: [
      { name: "Basic", id: routingProfile, queues: ["BasicQueue"] },
      { name: "Sales", id: otherRoutingProfile, queues: ["Sales"] },
    ],
    users: [{ username: "ana", id: "ana" }],
    contactFlows: [{ name: "Outbound", id: "5ca1ab1e-0000-4000-8000-00000000000f" }],
    phoneNumbers: ["+12065550199"],
  });
  const contactId = await centre.call({ QueueId: "sales" });
  await centre.advance(60);
  expect((await centre.describe(contactId)).AgentInfo).toBeUndefined();
  await centre.client.send(
    new UpdateUserRoutingProfileCommand({ InstanceId, UserId: "ana", RoutingProfileId: otherRoutingProfile }),
  );
  await centre.advance(30);
  expect((await centre.describe(contactId)).AgentInfo?.Id).toBe("ana");
});
