import { StopContactCommand } from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import { defaultInstanceId } from "../../../local/connect-simulator/defaults.ts";
import { midnight } from "./centre/any-day.ts";
import { resultsV2 } from "./centre/figures.ts";
import { aCentre, minutes } from "./support.ts";

const throttled = { name: "TooManyRequestsException", $metadata: { httpStatusCode: 429 } };

describe("quotas", () => {
  it("let 5 calls start at once and 2 in every real second after", async () => {
    let real = 0;
    const centre = await aCentre({ usualQuotas: true, realClock: () => real });

    for (let call = 0; call < 5; call += 1) await centre.call();
    await expect(centre.call()).rejects.toMatchObject(throttled);
    real = 499;
    await expect(centre.call()).rejects.toMatchObject(throttled);
    real = 500;
    await centre.call();
    await expect(centre.call()).rejects.toMatchObject(throttled);
    expect(centre.simulator.contacts()).toHaveLength(6);
  });

  it("save up no more than the burst", async () => {
    let real = 0;
    const centre = await aCentre({ usualQuotas: true, realClock: () => real });
    await centre.call();
    real = 3_600_000;

    for (let call = 0; call < 5; call += 1) await centre.call();
    await expect(centre.call()).rejects.toMatchObject(throttled);
  });

  it("take no harm from a clock that is set back", async () => {
    let real = 3_600_000;
    const centre = await aCentre({ usualQuotas: true, realClock: () => real });
    await centre.call();
    real = 0;
    await centre.call();
    real = 10_000;
    for (let call = 0; call < 5; call += 1) await centre.call();
  });

  it("take no notice of the simulated clock", async () => {
    const centre = await aCentre({ usualQuotas: true, realClock: () => 0 });
    for (let call = 0; call < 5; call += 1) await centre.call();

    await centre.advance(minutes(10));

    await expect(centre.call()).rejects.toMatchObject(throttled);
  });

  it("are kept for each operation by itself", async () => {
    const centre = await aCentre({ usualQuotas: true, realClock: () => 0 });
    const stop = (ContactId: string) =>
      centre.client.send(new StopContactCommand({ InstanceId: defaultInstanceId, ContactId }));
    const contactId = await centre.call();
    await stop(contactId);
    for (let call = 1; call < 15; call += 1)
      await expect(stop(contactId)).rejects.toMatchObject({ name: "ContactNotFoundException" });

    await expect(stop(contactId)).rejects.toMatchObject(throttled);
    await centre.call();
  });

  it("let 10 requests of GetMetricDataV2 through at once", async () => {
    const centre = await aCentre({ usualQuotas: true, realClock: () => 0, startAt: midnight });
    const ask = () => resultsV2(centre, { from: new Date(midnight.getTime() - 1_000), to: midnight });
    for (let request = 0; request < 10; request += 1) await ask();
    await expect(ask()).rejects.toMatchObject(throttled);
  });

  it("end calls beyond the active ones, until one is disconnected", async () => {
    const centre = await aCentre({ activeCalls: 2 });
    const first = await centre.call();
    await centre.call();
    await expect(centre.call()).rejects.toMatchObject({
      name: "LimitExceededException",
      $metadata: { httpStatusCode: 429 },
    });

    await centre.client.send(new StopContactCommand({ InstanceId: defaultInstanceId, ContactId: first }));

    await centre.call();
  });

  it("allow AWS's 10 active calls", async () => {
    const centre = await aCentre({ activeCalls: 10 });
    for (let call = 0; call < 10; call += 1) await centre.call();
    await expect(centre.call()).rejects.toMatchObject({ name: "LimitExceededException" });
  });
});
