import { describe, expect, it } from "vitest";
import { audit } from "../../chaos/audit/audit.ts";
import type { Observed } from "../../chaos/audit/observed.ts";
import { mostAtOnce } from "../../chaos/audit/pace.ts";
import type { CallRecord } from "../../lib/contacts/call-record.ts";
import type { ContactView, RequestView } from "../../local/connect-simulator/simulator.ts";

const start = Date.parse("2026-11-24T12:00:00Z");
const iso = (at: number) => new Date(start + at).toISOString();

const aRecord = (fields: Partial<CallRecord> = {}): CallRecord => ({
  requestId: "r-1",
  requestHash: "hash",
  request: JSON.stringify({ requestId: "r-1", destination: "+12065550150", attributes: { tier: "gold" } }),
  state: "ended",
  attempt: 1,
  revision: 3,
  lastWrite: "w",
  contactId: "c-1",
  outcome: "busy",
  createdAt: iso(0),
  updatesVersion: 0,
  updatedAt: iso(0),
  ttl: 1,
  ...fields,
});
const aContact = (fields: Partial<ContactView> = {}): ContactView => ({
  contactId: "c-1",
  instanceId: "i",
  initiationMethod: "API",
  clientToken: "t-1",
  destination: "+12065550150",
  queueId: "q",
  agentId: null,
  attributes: { tier: "gold", attemptId: "r-1#1" },
  state: "COMPLETED",
  initiatedAt: iso(1_000),
  connectedAt: null,
  enqueuedAt: null,
  agentConnectedAt: null,
  disconnectedAt: iso(2_000),
  disconnectReason: "TELECOM_BUSY",
  ...fields,
});
const aDial = (status = 200): RequestView => ({
  operation: "StartOutboundVoiceContact",
  at: iso(1_000),
  status,
  clientToken: "t-1",
  sdkInvocationId: null,
});
const anEnd = (fields = {}) => ({
  noticeId: "n-1",
  type: "state-changed",
  requestId: "r-1",
  attempt: 1,
  state: "ended",
  outcome: "busy",
  revision: 3,
  ...fields,
});
const body = { requestId: "r-1", destination: "+12065550150", attributes: { tier: "gold" } };
const dialled = { clientToken: "t-1", at: start + 1_000, claimedAt: start + 1_000 };

/** One request whose call was busy, and nothing wrong with it. */
const anObservation = (fields: Partial<Observed> = {}): Observed => ({
  pace: { ratePerSecond: 2, burst: 5, activeCalls: 10 },
  sent: { calls: new Map([["r-1", [body]]]), stops: [], updates: [], poison: [] },
  records: [aRecord()],
  contacts: [aContact()],
  connectRequests: [aDial()],
  seen: { dials: [dialled], requests: [] },
  notices: [anEnd()],
  deadLetters: [],
  left: [],
  personalData: [],
  ...fields,
});
const sent = (fields: Partial<Observed["sent"]>) => ({ sent: { ...anObservation().sent, ...fields } });
const broken = (fields: Partial<Observed>) =>
  audit(anObservation(fields)).flatMap(({ promise, findings }) => (findings.length > 0 ? [promise] : []));
const stopAt = iso(500);
const aStop = { stopId: "s", requestId: "r-1" };
const anUpdate = { updateId: "u-1", requestId: "r-1", attributes: { tier: "silver" }, occurredAt: iso(-1) };

describe("The audit of a chaos run", () => {
  it("has nothing to say when all is as promised", () => {
    expect(broken({})).toEqual([]);
  });

  it.each<[string, string, Partial<Observed>]>([
    [
      "a second contact of an attempt",
      "at most one call for each attempt",
      { contacts: [aContact(), aContact()] },
    ],
    [
      "a second try of a dial that was not refused",
      "at most one call for each attempt",
      { seen: { dials: [dialled, dialled], requests: [] }, connectRequests: [aDial(500)] },
    ],
    [
      "more attempts than were asked for",
      "at most one call for each attempt",
      { contacts: [aContact(), aContact({ contactId: "c-2", attributes: { attemptId: "r-1#2" } })] },
    ],
    [
      "a stopped call that goes on",
      "what was stopped does not go on",
      { records: [aRecord({ stopAt })], contacts: [aContact({ disconnectedAt: null })] },
    ],
    [
      "a call of what was cancelled",
      "what was stopped does not go on",
      { records: [aRecord({ state: "cancelled", stopAt })] },
    ],
    [
      "a dial long after its stop",
      "what was stopped does not go on",
      { records: [aRecord({ stopAt: iso(-60_000) })], ...sent({ stops: [aStop] }) },
    ],
    [
      "a stop that was forgotten",
      "what was stopped does not go on",
      { records: [aRecord({ state: "parked" })], ...sent({ stops: [aStop] }) },
    ],
    ["a request that is lost", "every request comes to an end, or is parked", { records: [] }],
    [
      "a request that hangs",
      "every request comes to an end, or is parked",
      { records: [aRecord({ state: "placed" })] },
    ],
    ["what does not come to rest", "every request comes to an end, or is parked", { left: ["r-1 is ended"] }],
    ["another outcome", "records agree with Connect", { records: [aRecord({ outcome: "no-answer" })] }],
    [
      "another number",
      "records agree with Connect",
      { contacts: [aContact({ destination: "+12065550151" })] },
    ],
    ["an end that nobody was told", "every end is announced", { notices: [anEnd({ revision: 2 })] }],
    [
      "an attempt whose end nobody was told",
      "every end is announced",
      {
        records: [aRecord({ attempt: 2, contactId: "c-2" })],
        notices: [anEnd({ attempt: 2 })],
      },
    ],
    [
      "a conflict that nobody was told",
      "every end is announced",
      sent({ calls: new Map([["r-1", [body, { ...body, destination: "+12065550151" }]]]) }),
    ],
    [
      "one noticeId for two changes",
      "every end is announced",
      { notices: [anEnd(), anEnd({ revision: 2, state: "placed" })] },
    ],
    [
      "an update that has not come to its contact",
      "attributes converge on the contacts",
      sent({ updates: [anUpdate] }),
    ],
    [
      "dials past the burst",
      "never past rate, burst and active calls",
      { seen: { dials: Array.from({ length: 8 }, () => ({ ...dialled })), requests: [] } },
    ],
    [
      "more calls at once than may be",
      "never past rate, burst and active calls",
      { pace: { ratePerSecond: 2, burst: 5, activeCalls: 0 } },
    ],
    [
      "a good message among the dead",
      "nothing but poison in dead-letter queues",
      { deadLetters: [{ queue: "call-requests", body: "{}" }] },
    ],
    [
      "poison that has vanished",
      "nothing but poison in dead-letter queues",
      sent({ poison: [{ queue: "call-requests", body: "{}" }] }),
    ],
    ["personal data", "no personal data in logs", { personalData: ["a line"] }],
  ])("finds %s", (_, promise, fields) => {
    expect(broken(fields)).toContain(promise);
  });

  it("takes the newest value of an attribute for the one that counts, and none that was refused", () => {
    const older = { ...anUpdate, updateId: "u-2", attributes: { tier: "tin" }, occurredAt: iso(-2) };
    const contacts = [aContact({ attributes: { tier: "silver", attemptId: "r-1#1" } })];
    expect(broken({ contacts, ...sent({ updates: [anUpdate, older] }) })).toEqual([]);
    const refused = anEnd({ noticeId: "n-2", type: "update-refused", updateId: "u-1" });
    expect(broken({ notices: [anEnd(), refused], ...sent({ updates: [anUpdate] }) })).toEqual([]);
  });

  it("lets a newer value pass that named the contact of an attempt before, and no older one", () => {
    const records = [aRecord({ attempt: 2, contactId: "c-2" })];
    const contacts = [
      aContact(),
      aContact({ contactId: "c-2", attributes: { tier: "tin", attemptId: "r-1#2" } }),
    ];
    const { requestId: _, ...rest } = anUpdate;
    const ofFormer = { ...rest, updateId: "u-2", contactId: "c-1", attributes: { tier: "tin" } };
    const promise = "attributes converge on the contacts";
    expect(broken({ records, contacts })).toContain(promise);
    expect(broken({ records, contacts, ...sent({ updates: [ofFormer] }) })).not.toContain(promise);
    const [newer, older] = [iso(0), iso(-2)].map((occurredAt) => ({ ...ofFormer, occurredAt }));
    if (!newer || !older) throw new Error("there are two");
    expect(broken({ records, contacts, ...sent({ updates: [anUpdate, newer] }) })).not.toContain(promise);
    expect(broken({ records, contacts, ...sent({ updates: [anUpdate, older] }) })).toContain(promise);
  });

  it("lets a parked request alone, for nobody knows its contact", () => {
    const records = [aRecord({ state: "parked", stopAt, contactId: undefined })];
    const contacts = [aContact({ disconnectedAt: null })];
    expect(broken({ records, contacts, notices: [anEnd({ state: "parked" })] })).toEqual([]);
  });

  it("lets a dial that was certainly refused be tried again", () => {
    const seen = { dials: [dialled, dialled], requests: [] };
    expect(broken({ seen, connectRequests: [aDial(429), aDial()] })).toEqual([]);
  });
});

describe("How much was asked for at once", () => {
  it("is one at the steady rate, and the burst when all come together", () => {
    expect(mostAtOnce([0, 500, 1_000, 1_500], 2)).toBe(1);
    expect(mostAtOnce([0, 0, 0, 0, 0], 2)).toBe(5);
  });
});
