import { PurgeQueueCommand } from "@aws-sdk/client-sqs";
import type { Gym } from "./exercise.ts";

const answered = "+12065550100";
const busy = "+12065550150";
const startOutbound = "StartOutboundVoiceContact" as const;
const now = () => new Date().toISOString();

/** Calls in every state that they can be in, stopped and updated there. */
export async function exerciseContacts({ service, put, overtaken }: Gym): Promise<void> {
  const { stack } = service;
  const { simulator } = stack;
  const contactOf = (requestId: string) =>
    simulator.contacts().find(({ attributes }) => attributes["attemptId"]?.startsWith(`${requestId}#`));
  const anUpdate = (requestId: string) => ({
    updateId: `u-${requestId}`,
    requestId,
    attributes: { tier: "gold" },
    occurredAt: now(),
  });

  // Messages that nobody can read.
  await put("CALL_REQUESTS_QUEUE_URL", "not JSON");
  await put("STOP_REQUESTS_QUEUE_URL", "not JSON");
  await put("ATTRIBUTE_UPDATES_QUEUE_URL", "not JSON", "unreadable");

  // One that another worker has as well, and more than the burst.
  await overtaken("start-contact", { requestId: "rival", destination: busy });
  await Promise.all(
    Array.from({ length: 8 }, (_, index) => service.send({ requestId: `many-${index}`, destination: busy })),
  );

  // Not yet, but before release-due runs again: it is sent with the delay that is left.
  const notBefore = new Date(Date.now() + 50_000).toISOString();
  await service.send({ requestId: "later", destination: busy, notBefore });
  await service.until("later", "deferred");
  await stack.invoke("release-due");

  // Answered, updated while it rings, and stopped.
  await service.send({ requestId: "talk", destination: answered, campaignId: "spring" });
  await service.until("talk", ["placed", "connected"]);
  await overtaken("update-attributes", anUpdate("talk"));
  await put("ATTRIBUTE_UPDATES_QUEUE_URL", { ...anUpdate("talk"), updateId: "u-2" }, "talk");
  const contactId = contactOf("talk")?.contactId;
  await put(
    "ATTRIBUTE_UPDATES_QUEUE_URL",
    { updateId: "u-3", contactId, attributes: { by: "reference" }, occurredAt: now() },
    String(contactId),
  );
  await overtaken("stop-contact", { stopId: "s-1", requestId: "talk" });
  await service.stop({ stopId: "s-2", contactId });
  await service.stop({ stopId: "s-3", campaignId: "spring" });
  await service.until("talk", "ended");

  // Contacts that are none of ours.
  const stranger = crypto.randomUUID();
  await service.stop({ stopId: "s-4", contactId: stranger });
  await put(
    "ATTRIBUTE_UPDATES_QUEUE_URL",
    { updateId: "u-4", contactId: stranger, attributes: { a: "b" }, occurredAt: now() },
    stranger,
  );

  // Stops and updates that come before their request, and come twice.
  await overtaken("stop-contact", { stopId: "s-5", requestId: "early-stop" });
  await overtaken("update-attributes", anUpdate("early-update"));
  await service.send({ requestId: "early-stop", destination: busy });
  await service.send({ requestId: "early-update", destination: busy });

  // Connect's answer is lost, and what is asked meanwhile waits until the contact is known.
  for (const requestId of ["lost-stop", "lost-update"]) {
    await stack.pause("track-contact");
    simulator.faults({ operation: startOutbound, kind: "reply-lost", count: 1 });
    await service.send({ requestId, destination: answered });
    await service.until(requestId, "unknown");
    if (requestId === "lost-stop") await service.stop({ stopId: requestId, requestId });
    else await put("ATTRIBUTE_UPDATES_QUEUE_URL", anUpdate(requestId), requestId);
    await service.waitFor(`${requestId} to be noted`, async () => {
      const record = await service.record(requestId);
      return record?.stopAt !== undefined || record?.attributeUpdates !== undefined;
    });
    stack.resume("track-contact");
    await service.until(requestId, ["placed", "connected", "ended"]);
  }
  await service.stop({ stopId: "s-6", requestId: "lost-update" });

  // The same while the dial itself takes long; and what start-contact hands over is lost, so release-due does it again.
  for (const [requestId, queue, reader] of [
    ["slow-stop", "STOP_REQUESTS_QUEUE_URL", "stop-contact"],
    ["slow-update", "ATTRIBUTE_UPDATES_QUEUE_URL", "update-attributes"],
  ] as const) {
    simulator.faults({ operation: startOutbound, kind: "delay", delayMs: 3_000, count: 1 });
    await stack.pause("track-contact");
    await service.send({ requestId, destination: answered });
    await service.waitFor(`${requestId} to be dialled`, async () => {
      return (await service.record(requestId))?.state === "dialling";
    });
    if (requestId === "slow-stop") await service.stop({ stopId: requestId, requestId });
    else await put(queue, anUpdate(requestId), requestId);
    await service.waitFor(`${requestId} to be noted`, async () => {
      const record = await service.record(requestId);
      return record?.stopAt !== undefined || record?.attributeUpdates !== undefined;
    });
    await stack.pause(reader);
    await service.until(requestId, "placed");
    await stack.clients.sqs.send(new PurgeQueueCommand({ QueueUrl: stack.env[queue] }));
    await service.waitFor("release-due to hand it over", async () => {
      await stack.invoke("release-due");
      return (await service.depth(queue)) > 0;
    });
    stack.resume(reader);
    stack.resume("track-contact");
  }
  await service.stop({ stopId: "s-7", requestId: "slow-update" });

  // An event that another worker has as well.
  const ended = (requestId: string) => ({
    source: "aws.connect",
    "detail-type": "Amazon Connect Contact Event",
    id: "e-1",
    detail: {
      eventType: "DISCONNECTED",
      contactId: contactOf(requestId)?.contactId,
      channel: "VOICE",
      initiationMethod: "API",
      instanceArn: simulator.instanceArn,
      disconnectTimestamp: now(),
    },
  });
  await stack.pause("track-contact");
  await service.send({ requestId: "told-twice", destination: busy });
  await service.waitFor("the call to be over", () => contactOf("told-twice")?.disconnectedAt != null);
  await overtaken("track-contact", ended("told-twice"));
  stack.resume("track-contact");

  // What time alone moves, and nobody tells of: calls that have ended, one of them to be tried again and updated before.
  simulator.events({ lose: 1, loseRecords: 1 });
  await service.send({ requestId: "silent", destination: busy });
  await service.send({
    requestId: "again",
    destination: busy,
    retry: { attempts: 2, after: { busy: "PT0S" } },
  });
  await service.until("again", "placed");
  await put("ATTRIBUTE_UPDATES_QUEUE_URL", anUpdate("again"), "again");
  await service.waitFor("the second attempt", async () => {
    await overtaken("release-due");
    return (await service.record("again"))?.attempt === 2;
  });
  await service.until("silent", "ended");
  simulator.events({});
}
