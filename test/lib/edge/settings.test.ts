import { describe, expect, it } from "vitest";
import { loggable } from "../../../lib/edge/log.ts";
import { paceOf, settingsOf } from "../../../lib/edge/settings.ts";

const complete = {
  CONNECT_INSTANCE_ID: "i",
  CONTACTS_TABLE: "c",
  PACER_TABLE: "p",
  CONTACT_NOTICES_TOPIC_ARN: "t",
  CALL_REQUESTS_DLQ_URL: "d",
  STOP_REQUESTS_QUEUE_URL: "s",
};

describe("settings", () => {
  it("have AWS's default quotas where nothing is said", () => {
    const settings = settingsOf("start-contact", complete);
    expect(paceOf(settings)).toEqual({ ratePerSecond: 2, burst: 5, activeCalls: 10 });
    expect(settings.DEFAULT_QUEUE_ID).toBeUndefined();
  });

  it("name everything that is missing or wrong in one error", () => {
    const { CONTACTS_TABLE, PACER_TABLE, ...rest } = complete;
    const wrong = { ...rest, CONNECT_BURST: "many", RECORD_RETENTION_DAYS: "3" };
    expect(() => settingsOf("start-contact", wrong)).toThrow(
      /start-contact.*CONTACTS_TABLE.*PACER_TABLE.*CONNECT_BURST.*RECORD_RETENTION_DAYS: must be at least 30/s,
    );
  });
});

describe("what is logged of an error", () => {
  it("is never its message, which may quote a number", () => {
    const error = Object.assign(new TypeError("cannot dial +12065550100\n    with token secret"), {
      code: "E1",
    });
    const logged = JSON.stringify(loggable(error));
    expect(logged).toContain("TypeError");
    expect(logged).toContain("E1");
    expect(logged).not.toMatch(/5550100|secret/);
  });
});
