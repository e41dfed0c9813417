import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as v from "valibot";
import { callLife } from "./centre/call-life.ts";
import { simulatedClock } from "./centre/clock.ts";
import { viewOf } from "./centre/contact.ts";
import type { ContactEventEnvelope } from "./centre/contact-events.ts";
import type { ContactRecord } from "./centre/contact-records.ts";
import { contactStore } from "./centre/contact-store.ts";
import { delivery, eventSettingsSchema } from "./centre/delivery.ts";
import { placeOf } from "./centre/place.ts";
import { clockChangeSchema, controlApi, controlPrefix } from "./control-api.ts";
import type { Controls } from "./controls.ts";
import {
  type Durations,
  defaultAccountId,
  defaultActiveCalls,
  defaultContactFlowId,
  defaultDurations,
  defaultInstanceId,
  defaultPhoneNumber,
  defaultQueueId,
  defaultQuotas,
  defaultRegion,
  type OperationName,
  type Quota,
} from "./defaults.ts";
import { type Journal, noJournal, openJournal } from "./journal.ts";
import { faultSchema, pendingFaults } from "./wire/faults.ts";
import { sendJson } from "./wire/http.ts";
import { tokenBuckets } from "./wire/quotas.ts";
import { requestLog } from "./wire/request-log.ts";
import { connectWire } from "./wire/wire.ts";
import type { TokenAfterDisconnect, World } from "./world.ts";

export type { ContactState, ContactView } from "./centre/contact.ts";
export type { ContactEventDetail, ContactEventEnvelope, ContactEventType } from "./centre/contact-events.ts";
export type { ContactRecord } from "./centre/contact-records.ts";
export type { EventSettings } from "./centre/delivery.ts";
export type { ClockChange } from "./control-api.ts";
export type { ClockReading } from "./controls.ts";
export type { Durations, OperationName, Quota, SecondsRange } from "./defaults.ts";
export type { Fault } from "./wire/faults.ts";
export type { RequestView } from "./wire/request-log.ts";
export type { TokenAfterDisconnect } from "./world.ts";

export type ConnectSimulatorOptions = {
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  region?: string;
  accountId?: string;
  instanceId?: string;
  contactFlowIds?: readonly string[];
  /** The first of each is used where a request names none. */
  queueIds?: readonly string[];
  phoneNumbers?: readonly string[];
  quotas?: Partial<Record<OperationName, Quota>>;
  activeCalls?: number;
  tokenAfterDisconnect?: TokenAfterDisconnect;
  /** Simulated seconds in a real second; 0 stands still. */
  speed?: number;
  seed?: number;
  durations?: Partial<Durations>;
  /** Where the contacts are kept across restarts; without it they are not. */
  dataDir?: string;
  /** Where the simulated clock begins, unless `dataDir` knows a later time. */
  startAt?: Date;
  /** Real milliseconds, for the quotas. */
  quotaClock?: () => number;
  warn?: (message: string) => void;
  deliverEvent?: (envelope: ContactEventEnvelope) => Promise<void>;
  deliverRecord?: (record: ContactRecord) => Promise<void>;
};

export type ConnectSimulator = Controls & {
  url: string;
  port: number;
  instanceId: string;
  instanceArn: string;
  /** Ends prompt, open connections included. */
  stop(): Promise<void>;
};

function journalIn(dataDir: string | undefined, server: Server): Journal {
  try {
    return dataDir === undefined ? noJournal : openJournal(dataDir);
  } catch (error) {
    server.close();
    throw error;
  }
}

function atLeastOne(given: readonly string[] | undefined, fallback: string): readonly [string, ...string[]] {
  const [first = fallback, ...rest] = given ?? [];
  return [first, ...rest];
}

/** An Amazon Connect of one instance on this machine. Rejects when the port is taken. */
export async function startConnectSimulator(
  options: ConnectSimulatorOptions = {},
): Promise<ConnectSimulator> {
  const { host = "127.0.0.1", speed = 1, seed = 1, warn = (message) => console.warn(message) } = options;
  const place = placeOf({
    region: options.region ?? defaultRegion,
    accountId: options.accountId ?? defaultAccountId,
    instanceId: options.instanceId ?? defaultInstanceId,
  });
  const server = createServer();
  server.listen(options.port ?? 0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const journal = journalIn(options.dataDir, server);
  // The world went on while the simulator was down, unless its clock is one that stands still.
  const startAt = options.startAt?.getTime() ?? (speed > 0 || journal.found.now === null ? Date.now() : 0);
  const clock = simulatedClock(Math.max(startAt, journal.found.now ?? 0), speed);
  const contacts = contactStore(journal);
  const post = delivery(clock, {
    deliverEvent: options.deliverEvent,
    deliverRecord: options.deliverRecord,
    warn,
  });
  const durations = { ...defaultDurations, ...options.durations };
  const calls = callLife({ clock, contacts, place, deliver: post, seed, durations });
  const faults = pendingFaults();
  const buckets = tokenBuckets(
    { ...defaultQuotas, ...options.quotas },
    options.quotaClock ?? (() => performance.now()),
  );
  const requests = requestLog();
  const world: World = {
    place,
    contactFlowIds: new Set(atLeastOne(options.contactFlowIds, defaultContactFlowId)),
    queueIds: atLeastOne(options.queueIds, defaultQueueId),
    phoneNumbers: atLeastOne(options.phoneNumbers, defaultPhoneNumber),
    activeCalls: options.activeCalls ?? defaultActiveCalls,
    tokenAfterDisconnect: options.tokenAfterDisconnect ?? "new-contact",
    clock,
    contacts,
    calls,
  };

  const clockReading = () => ({ now: new Date(clock.now()).toISOString(), speed: clock.speed() });
  const controls: Controls = {
    contacts: () => Array.from(contacts.all(), viewOf),
    requests: () => requests.all(),
    pendingFaults: () => faults.pending(),
    faults: (fault) => faults.add(v.parse(faultSchema, fault)),
    events: (settings) => post.change(v.parse(eventSettingsSchema, settings)),
    clockReading,
    async clock(change) {
      const parsed = v.parse(clockChangeSchema, change);
      if ("speed" in parsed) clock.setSpeed(parsed.speed);
      else clock.advance(parsed.advanceSeconds * 1000);
      await post.settled();
      return clockReading();
    },
    reset() {
      calls.forgetAll();
      post.forgetAll();
      contacts.clear(clock.now());
      requests.clear();
      faults.clear();
      buckets.refill();
    },
  };

  const answerConnect = connectWire({ world, faults, buckets, requests, warn });
  const answerControl = controlApi(controls);
  server.on("request", (request, response) => {
    const answer = request.url?.startsWith(controlPrefix) ? answerControl : answerConnect;
    answer(request, response).catch((error: unknown) => {
      // A client that goes away in mid-request is its own affair; everything else is ours.
      if (request.socket.destroyed) return;
      warn(`a request failed: ${error instanceof Error ? error.stack : String(error)}`);
      if (response.headersSent) request.socket.destroy();
      else sendJson(response, 500, { __type: "InternalServiceException", Message: "The simulator failed." });
    });
  });
  server.on("clientError", (_error, socket) => {
    const body = JSON.stringify({ __type: "InvalidRequestException", Message: "This is not HTTP." });
    if (!socket.writable) return;
    socket.end(
      `HTTP/1.1 400 Bad Request\r\nx-amzn-ErrorType: InvalidRequestException\r\nx-amzn-RequestId: ${randomUUID()}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
  calls.resume();

  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    clock.stop();
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await Promise.all([closed, post.stop()]);
    journal.write({ now: clock.now() });
    journal.close();
  }

  return {
    ...controls,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    instanceId: place.instanceId,
    instanceArn: place.instanceArn,
    stop: () => (stopped ??= stop()),
  };
}
