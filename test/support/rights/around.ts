import { readFileSync } from "node:fs";
import { DynamoScimUsers } from "../../../lib/scim/scim-users.dynamodb.ts";
import { runCli } from "../../cli/run-cli.ts";
import type { Receiver } from "../receiver.ts";
import { aScimRecord } from "../scim-users-contract.ts";
import { anAccount, patchUrn } from "../scim-world.ts";
import { signedByUs } from "../webhook-signing.ts";
import type { Gym } from "./exercise.ts";

export const webhookSecret = "the-secret-of-ours";

/** The HTTP API, and a webhook of another system. */
export async function exerciseApi({ service, ask }: Gym): Promise<void> {
  const paths: [string, string, unknown?][] = [
    ["POST", "/call-requests", { requestId: "api-1", destination: "+12065550150", campaignId: "autumn" }],
    ["GET", "/call-requests/api-1"],
    ["GET", "/call-requests"],
    ["GET", "/call-requests?campaignId=autumn"],
    ["PATCH", "/call-requests/api-1/attributes", { attributes: { a: "b" } }],
    ["POST", "/call-requests/api-1/stop", {}],
    ["POST", "/campaigns/autumn/stop", {}],
    ["GET", "/federation"],
  ];
  for (const [method, path, body] of paths) await ask(method, path, body);
  const messages = [
    { type: "call-request", requestId: "hook-1", destination: "+12065550150" },
    { type: "stop-request", requestId: "hook-1" },
    { type: "attribute-update", requestId: "hook-1", attributes: { a: "b" } },
  ];
  for (const message of messages) {
    const body = JSON.stringify(message);
    await fetch(`${service.apiUrl}/webhooks/ours`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...signedByUs([webhookSecret], Buffer.from(body), Date.now()),
      },
      body,
    });
  }
}

/** Notices by webhook, to one who takes them at the second time. */
export async function exerciseNotices({ service, put }: Gym, receiver: Receiver): Promise<void> {
  await runCli(["subscribers", "add", "s-1", receiver.url], service.stack.env).ran;
  await put("NOTICES_QUEUE_URL", "not JSON");
  await put("NOTICE_DELIVERIES_QUEUE_URL", "not JSON");
  await service.send({ requestId: "told", destination: "+12065550150" });
  await service.until("told", "ended");
  await service.waitFor("a notice to come again", () => {
    const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
    return new Set(ids).size < ids.length;
  });
}

/** Users created, changed and deleted, and commands that cannot be carried out. */
export async function exerciseUsers({ service, put }: Gym): Promise<void> {
  const sample = (name: string) => JSON.parse(readFileSync(`events/user-commands/${name}.json`, "utf8"));
  const send = (command: { username: string }) => put("USER_COMMANDS_QUEUE_URL", command, command.username);
  const created = sample("01-create");
  const elsewhere = {
    ...created.user,
    identity: { ...created.user.identity, lastName: "Roe" },
    routingProfile: "Other",
    hierarchy: ["EMEA"],
  };

  // Connect throttles, and the command comes round again.
  const error = "TooManyRequestsException";
  service.stack.simulator.faults({ operation: "SearchUsers", kind: "refuse", status: 429, error });
  await send({ ...created, username: "bo" });
  await untilApplied(service);

  await send(created);
  await send(sample("02-desk-phone-and-more-rights"));
  await send({ ...created, commandId: "hr-1", user: elsewhere });
  await send({ ...created, commandId: "hr-2", user: { ...elsewhere, hierarchy: ["Nowhere"] } });
  for (const name of ["03-unknown-name", "05-wrong", "04-delete"]) await send(sample(name));
  await untilApplied(service);
}

const untilApplied = (service: Gym["service"]) =>
  service.waitFor(
    "the commands to be dealt with",
    async () => (await service.depth("USER_COMMANDS_QUEUE_URL")) === 0,
    40_000,
  );

export const scimToken = "the-first-token-of-the-provider";

/** What an identity provider does, and a command that was not sent. */
export async function exerciseScim({ service }: Gym): Promise<void> {
  const { env, clients } = service.stack;
  const ask = async (method: string, target: string, body?: object) => {
    const answer = await fetch(`${service.apiUrl}/scim/v2/Users${target}`, {
      method,
      headers: { authorization: `Bearer ${scimToken}`, "content-type": "application/scim+json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return text === "" ? {} : JSON.parse(text);
  };
  const filtered = (filter: string) => ask("GET", `?filter=${encodeURIComponent(filter)}`);

  await filtered('userName eq "scim-ana"');
  const { id } = await ask("POST", "", anAccount("scim-ana", { externalId: "external-1" }));
  await ask("POST", "", anAccount("scim-ana"));
  await ask("GET", `/${id}`);
  await ask("GET", "?startIndex=1&count=10");
  await filtered('externalId eq "external-1"');
  const Operations = [{ op: "Replace", path: "name.familyName", value: "Roe" }];
  await ask("PATCH", `/${id}`, { schemas: [patchUrn], Operations });
  await ask("DELETE", `/${id}`);

  const users = new DynamoScimUsers(clients.dynamoDb, String(env["SCIM_USERS_TABLE"]));
  await users.write(aScimRecord("scim-killed"), undefined);
  await users.write(aScimRecord("scim-gone", { deleted: true }), undefined);
  await service.stack.invoke("send-unsent-users");
  await untilApplied(service);
}

/** Metrics read, summed up, exported and shown. */
export async function exerciseMetrics({ service, ask }: Gym): Promise<void> {
  const { stack } = service;
  // Three hours in which a contact arrives every three minutes.
  for (let contacts = 0; contacts < 60; contacts += 1) {
    stack.simulator.arrive({});
    await stack.simulator.clock({ advanceSeconds: 180 });
  }
  for (const reading of ["current", "historical", "outcomes"])
    await stack.invoke("snapshot-metrics", { reading });
  await stack.invoke("roll-up-metrics");
  await stack.invoke("export-metrics");
  const answer = await ask("GET", "/metrics/queues");
  const { queues = [] } = Object(await answer.json());
  const from = new Date(Date.now() - 3_600_000).toISOString();
  await ask("GET", `/metrics/queues/${Object(queues[0]).queueId}?from=${from}&resolution=5m`);
  await ask("GET", "/metrics/now");
}
