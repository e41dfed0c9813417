import { ConnectClient } from "@aws-sdk/client-connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConnectUsers } from "../../lib/connect/users.connect.ts";
import { agentUrn } from "../../lib/scim/schema.ts";
import { DynamoScimUsers } from "../../lib/scim/scim-users.dynamodb.ts";
import { type RunningService, startService } from "../support/running-service.ts";
import { aScimRecord } from "../support/scim-users-contract.ts";
import { anAccount, listUrn, patchUrn } from "../support/scim-world.ts";

const tokens = ["the-first-token-of-the-provider", "the-second-token-of-the-provider"];

describe("SCIM, on the running service", () => {
  let service: RunningService;
  let connect: ConnectUsers;
  let users: DynamoScimUsers;
  beforeAll(async () => {
    service = await startService({
      visibilityTimeout: 5,
      environment: {
        USERS_SETTLE_SECONDS: "0",
        CONNECT_USERS_RATE_PER_SECOND: "50",
        CONNECT_USERS_BURST: "50",
      },
      parameters: { "/contact-automation-local/scim/tokens": JSON.stringify({ secrets: tokens }) },
    });
    const { env, clients } = service.stack;
    const endpoint = String(env["AWS_ENDPOINT_URL_CONNECT"]);
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const client = new ConnectClient({ endpoint, region: "us-east-1", credentials });
    connect = new ConnectUsers(client, String(env["CONNECT_INSTANCE_ID"]), async () => undefined);
    users = new DynamoScimUsers(clients.dynamoDb, String(env["SCIM_USERS_TABLE"]));
  });
  afterAll(() => service.end());

  async function ask(method: string, target: string, body?: object, token = tokens[0]) {
    const answer = await fetch(`${service.apiUrl}/scim/v2${target}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/scim+json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
  }
  const patch = (id: string, ...Operations: object[]) =>
    ask("PATCH", `/Users/${id}`, { schemas: [patchUrn], Operations });
  const filterOf = (filter: string) => `/Users?filter=${encodeURIComponent(filter)}`;

  /** As Connect has the user, once it has dealt with all commands. */
  async function inConnect(username: string) {
    const isEmpty = async () => (await service.depth("USER_COMMANDS_QUEUE_URL")) === 0;
    await service.waitFor("the queue to be empty", isEmpty);
    const id = await connect.find(username);
    if (id === undefined) return undefined;
    const [user, routing, security] = await Promise.all([
      connect.describe(id),
      connect.routingProfiles(),
      connect.securityProfiles(),
    ]);
    return {
      ...user.identity,
      routingProfile: routing.find((one) => one.id === user.routingProfileId)?.name,
      securityProfiles: security
        .filter((one) => user.securityProfileIds.includes(one.id))
        .map(({ name }) => name)
        .toSorted(),
      afterContactWorkSeconds: user.phone.afterContactWorkSeconds,
    };
  }

  it("makes, changes, disables and removes an agent, in the steps of an identity provider", async () => {
    const nobody = await ask("GET", filterOf('userName eq "scim-ana"'));
    expect(nobody.body).toMatchObject({ schemas: [listUrn], totalResults: 0, Resources: [] });

    const made = await ask("POST", "/Users", anAccount("scim-ana", { externalId: "scim-external-1" }));
    expect(made).toMatchObject({
      status: 201,
      body: { userName: "scim-ana", externalId: "scim-external-1" },
    });
    expect(made.headers.get("content-type")).toBe("application/scim+json");
    expect((await ask("POST", "/Users", anAccount("SCIM-Ana"))).status).toBe(409);
    const { id } = made.body;
    expect((await ask("GET", `/Users/${id}`)).body).toEqual(made.body);
    expect((await ask("GET", "/Users?startIndex=1&count=10")).body).toMatchObject({ totalResults: 1 });
    expect((await ask("GET", filterOf('externalId eq "scim-external-1"'))).body.Resources).toEqual([
      made.body,
    ]);
    expect(await inConnect("scim-ana")).toMatchObject({
      firstName: "Ana",
      email: "scim-ana@example.com",
      routingProfile: "Basic Routing Profile",
      securityProfiles: ["Agent"],
    });

    const changed = await patch(
      id,
      { op: "Replace", path: "name.familyName", value: "Scimfamily" },
      { op: "Add", path: `${agentUrn}:securityProfiles`, value: ["Agent", "CallCenterManager"] },
      { op: "Add", path: `${agentUrn}:afterContactWorkSeconds`, value: "30" },
    );
    expect(changed.status).toBe(200);
    expect(await inConnect("scim-ana")).toMatchObject({
      lastName: "Scimfamily",
      securityProfiles: ["Agent", "CallCenterManager"],
      afterContactWorkSeconds: 30,
    });

    expect((await patch(id, { op: "Replace", path: "active", value: "False" })).body.active).toBe(false);
    expect(await inConnect("scim-ana")).toMatchObject({ securityProfiles: ["QualityAnalyst"] });
    expect((await ask("PUT", `/Users/${id}`, anAccount("scim-ana"))).body.active).toBe(true);
    expect(await inConnect("scim-ana")).toMatchObject({ securityProfiles: ["Agent"] });

    expect((await ask("DELETE", `/Users/${id}`)).status).toBe(204);
    expect((await ask("GET", `/Users/${id}`)).status).toBe(404);
    expect(await inConnect("scim-ana")).toMatchObject({ securityProfiles: ["QualityAnalyst"] });
  });

  it("sends what was written by somebody who was killed before it was sent", async () => {
    const record = aScimRecord("scim-killed");
    await users.write(record, undefined);
    expect(await service.stack.invoke("send-unsent-users")).toMatchObject({
      kind: "result",
      result: { sent: 1 },
    });
    expect(await inConnect("scim-killed")).toBeDefined();
    expect(await users.find(record.userKey)).toEqual({ ...record, unsent: false });
  });

  it("takes either of two tokens, and no other", async () => {
    expect((await ask("GET", "/Schemas", undefined, tokens[1])).status).toBe(200);
    const refused = await ask("GET", "/Schemas", undefined, "not-a-token-of-the-provider");
    expect(refused).toMatchObject({ status: 401, body: { status: "401" } });
    expect(refused.headers.get("www-authenticate")).toBe('Bearer realm="scim"');
  });

  it("answers what there is not in SCIM's form", async () => {
    expect(await ask("POST", "/Groups", {})).toMatchObject({ status: 404, body: { status: "404" } });
    expect(await ask("POST", "/Bulk", {})).toMatchObject({ status: 501, body: { status: "501" } });
    expect(await ask("POST", "/Users", { schemas: [] })).toMatchObject({
      status: 400,
      body: { scimType: "invalidSyntax" },
    });
  });

  it("leaves no name, address, token or id of the provider in the logs", () => {
    expect(service.logs()).toContain("A request was answered");
    for (const personal of [
      ...tokens,
      "not-a-token",
      "Scimfamily",
      "scim-ana",
      "@example.com",
      "scim-external-1",
    ])
      expect(service.logs()).not.toContain(personal);
  });
});
