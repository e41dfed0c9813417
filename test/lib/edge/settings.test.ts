import { describe, expect, it } from "vitest";
import { loggable } from "../../../lib/edge/log.ts";
import { ofStartContact, paceOf } from "../../../lib/edge/settings/contacts.ts";
import {
  destinationRulesOf,
  ofDeliverNotice,
  retryScheduleOf,
} from "../../../lib/edge/settings/deliveries.ts";
import { ofSnapshotMetrics } from "../../../lib/edge/settings/metrics.ts";
import { ofSendUnsentUsers } from "../../../lib/edge/settings/scim.ts";
import { settingsOf } from "../../../lib/edge/settings/settings.ts";

const complete = {
  CONNECT_INSTANCE_ID: "i",
  CONTACTS_TABLE: "c",
  PACER_TABLE: "p",
  CONTACT_NOTICES_TOPIC_ARN: "t",
  CALL_REQUESTS_DLQ_URL: "d",
  STOP_REQUESTS_QUEUE_URL: "s",
  ATTRIBUTE_UPDATES_QUEUE_URL: "a",
};

describe("settings", () => {
  it("have AWS's default quotas where nothing is said", () => {
    const settings = settingsOf("start-contact", ofStartContact, complete);
    expect(paceOf(settings)).toEqual({ ratePerSecond: 2, burst: 5, activeCalls: 10 });
    expect(settings.DEFAULT_QUEUE_ID).toBeUndefined();
  });

  it("name everything that is missing or wrong in one error", () => {
    const { CONTACTS_TABLE, PACER_TABLE, ...rest } = complete;
    const wrong = { ...rest, CONNECT_BURST: "many", RECORD_RETENTION_DAYS: "3" };
    expect(() => settingsOf("start-contact", ofStartContact, wrong)).toThrow(
      /start-contact.*CONTACTS_TABLE.*PACER_TABLE.*CONNECT_BURST.*RECORD_RETENTION_DAYS: must be at least 30/s,
    );
  });
});

describe("settings of deliver-notice", () => {
  const delivering = {
    SUBSCRIBERS_TABLE: "s",
    SUBSCRIBER_SECRETS_PATH: "/p",
    NOTICE_DELIVERIES_QUEUE_URL: "q",
    NOTICE_DELIVERIES_DLQ_URL: "d",
    SERVICE_VERSION: "1.0.0",
  };

  it("let notices go to the ports of HTTPS, and never to this machine, where nothing is said", () => {
    const settings = settingsOf("deliver-notice", ofDeliverNotice, delivering);
    expect(destinationRulesOf(settings)).toEqual({ ports: [443, 8443], mayBeLocal: false });
    expect(retryScheduleOf(settings)).toEqual({ firstMs: 5_000, longestMs: 3_600_000, forMs: 86_400_000 });
  });

  it("are refused where they could mean anything", () => {
    for (const wrong of [{ SUBSCRIBER_PORTS: "443,https" }, { SUBSCRIBERS_MAY_BE_LOCAL: "yes" }])
      expect(() => settingsOf("deliver-notice", ofDeliverNotice, { ...delivering, ...wrong })).toThrow(
        /SUBSCRIBER/,
      );
  });
});

describe("settings of send-unsent-users", () => {
  it("are refused where every command would be", () => {
    const scim = { SCIM_USERS_TABLE: "u", USER_COMMANDS_QUEUE_URL: "q", SCIM_HIERARCHY: "EMEA / Madrid" };
    expect(settingsOf("send-unsent-users", ofSendUnsentUsers, scim)).toMatchObject(scim);
    for (const wrong of [
      { SCIM_HIERARCHY: "EMEA//Madrid" },
      { SCIM_AFTER_CONTACT_WORK_SECONDS: "1.5" },
      { SCIM_AFTER_CONTACT_WORK_SECONDS: "2000001" },
    ])
      expect(() => settingsOf("send-unsent-users", ofSendUnsentUsers, { ...scim, ...wrong })).toThrow(
        Object.keys(wrong)[0],
      );
  });
});

describe("settings of snapshot-metrics", () => {
  const snapshotting = {
    CONNECT_INSTANCE_ID: "i",
    CONNECT_INSTANCE_ARN: "arn:aws:connect:us-east-1:111122223333:instance/i",
    METRICS_TABLE: "m",
    PACER_TABLE: "p",
  };

  it("are all queues and two thresholds where nothing is said", () => {
    const settings = settingsOf("snapshot-metrics", ofSnapshotMetrics, snapshotting);
    expect(settings.METRICS_QUEUES).toEqual([]);
    expect(settings.METRICS_SERVICE_LEVEL_SECONDS).toEqual([20, 60]);
    expect(settings.METRICS_KEEP_NOW_DAYS).toBe(3 * 86_400_000);
  });

  it("are lists with commas, of which each entry counts once", () => {
    const settings = settingsOf("snapshot-metrics", ofSnapshotMetrics, {
      ...snapshotting,
      METRICS_QUEUES: "Sales*, Support EU,",
      METRICS_SERVICE_LEVEL_SECONDS: "15, 30,15",
    });
    expect(settings.METRICS_QUEUES).toEqual(["Sales*", "Support EU"]);
    expect(settings.METRICS_SERVICE_LEVEL_SECONDS).toEqual([15, 30]);
  });

  it("are refused where Connect would refuse them", () => {
    const tooMany = Array.from({ length: 21 }, (_, n) => n + 1).join();
    for (const wrong of ["0", "1.5", "soon", "604801", tooMany])
      expect(() =>
        settingsOf("snapshot-metrics", ofSnapshotMetrics, {
          ...snapshotting,
          METRICS_SERVICE_LEVEL_SECONDS: wrong,
        }),
      ).toThrow(/METRICS_SERVICE_LEVEL_SECONDS/);
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
