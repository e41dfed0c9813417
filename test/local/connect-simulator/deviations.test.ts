import { readFileSync } from "node:fs";
import { StopContactCommand, UpdateContactAttributesCommand } from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import { defaultDeviations } from "../../../local/connect-simulator/config/deviations.ts";
import { defaultInstanceId, defaultQueueId } from "../../../local/connect-simulator/defaults.ts";
import { aCentre, minutes } from "./support.ts";

const InstanceId = defaultInstanceId;
const online = {
  Filters: { Queues: [defaultQueueId] },
  CurrentMetrics: [{ Name: "AGENTS_ONLINE", Unit: "COUNT" }],
};

describe("the switches for what AWS leaves open", () => {
  it("are all in the README", () => {
    const page = readFileSync("local/connect-simulator/README.md", "utf8");
    for (const name of Object.keys(defaultDeviations)) expect(page).toContain(`**\`${name}\`**`);
  });

  it.each(["InvalidRequestException", "InvalidParameterException"] as const)(
    "attributesTooLarge: %s",
    async (attributesTooLarge) => {
      const centre = await aCentre({ deviations: { attributesTooLarge } });
      const InitialContactId = await centre.call();
      const Attributes = { a: "x".repeat(32_767), b: "" };
      await expect(
        centre.client.send(new UpdateContactAttributesCommand({ InstanceId, InitialContactId, Attributes })),
      ).rejects.toMatchObject({ name: attributesTooLarge });
    },
  );

  it.each([
    ["accepted", 200],
    ["refused", 410],
  ] as const)("stopOfEndedTask: %s", async (stopOfEndedTask, status) => {
    const centre = await aCentre({ deviations: { stopOfEndedTask } });
    const ContactId = centre.simulator.arrive({ channel: "TASK" });
    await centre.client.send(new StopContactCommand({ InstanceId, ContactId: ContactId ?? "" }));
    const again = await centre.raw("POST", "/contact/stop", { InstanceId, ContactId });
    expect(again.status).toBe(status);
  });

  it.each(["InvalidParameterException", "InvalidRequestException"] as const)(
    "metricToken: %s",
    async (metricToken) => {
      const centre = await aCentre({ deviations: { metricToken } });
      const answer = await centre.raw("POST", `/metrics/current/${InstanceId}`, {
        ...online,
        NextToken: "x",
      });
      expect(answer.type).toBe(metricToken);
    },
  );

  it.each([
    ["absent", undefined],
    ["empty", {}],
  ] as const)("ungroupedDimensions: %s", async (ungroupedDimensions, expected) => {
    const centre = await aCentre({ deviations: { ungroupedDimensions } });
    const { body } = await centre.raw("POST", `/metrics/current/${InstanceId}`, online);
    const [result] = body["MetricResults"] as { Dimensions?: object }[];
    expect(result?.Dimensions).toEqual(expected);
  });

  it("activeCallsExceeded: fast-busy accepts the call, and the network ends it", async () => {
    const centre = await aCentre({ activeCalls: 1, deviations: { activeCallsExceeded: "fast-busy" } });
    await centre.call();
    const second = await centre.call();
    await centre.advance(minutes(5));
    expect((await centre.describe(second)).DisconnectReason).toBe("TELECOM_PROBLEM");
    expect(centre.eventTypes(second)).toEqual(["INITIATED", "DISCONNECTED", "COMPLETED"]);
  });
});
