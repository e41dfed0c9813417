import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as v from "valibot";
import { authentication } from "./auth/authentication.ts";
import { type ConfiguredKey, defaultKeys, keyRing } from "./auth/key-ring.ts";
import { simulatedClock } from "./centre/clock.ts";
import { viewOf } from "./centre/contact.ts";
import type { ContactEventEnvelope } from "./centre/contact-events.ts";
import type { ContactRecord } from "./centre/contact-records.ts";
import { delivery, eventSettingsSchema } from "./centre/delivery.ts";
import type { DurationsInput } from "./config/behaviour.ts";
import type { CentreConfigInput } from "./config/centre-config.ts";
import { configFrom } from "./config/config-from-options.ts";
import type { DeviationsInput } from "./config/deviations.ts";
import { clockChangeSchema, controlApi, controlPrefix } from "./control-api.ts";
import type { Controls } from "./controls.ts";
import { defaultQuota } from "./defaults.ts";
import { noJournal, openJournal } from "./journal.ts";
import { openWorld } from "./open-world.ts";
import { agentChangeSchema, agentViews, arrivalSchema, instanceViews, letArrive, setAgent } from "./views.ts";
import { faultSchema, pendingFaults } from "./wire/faults.ts";
import type { OperationName } from "./wire/operation-names.ts";
import { type Quota, tokenBuckets } from "./wire/quotas.ts";
import { requestLog } from "./wire/request-log.ts";
import { serve } from "./wire/serve.ts";
import { connectWire } from "./wire/wire.ts";
import type { World } from "./world.ts";

export type { Book } from "./centre/books.ts";
export type { ContactState, ContactView } from "./centre/contact.ts";
export type { ContactEventDetail, ContactEventEnvelope, ContactEventType } from "./centre/contact-events.ts";
export type { ContactRecord } from "./centre/contact-records.ts";
export type { EventSettings } from "./centre/delivery.ts";
export type { CentreConfigInput } from "./config/centre-config.ts";
export type { ClockReading, Controls } from "./controls.ts";
export type { AgentView, Arrival, InstanceView } from "./views.ts";
export type { Fault } from "./wire/faults.ts";
export type { RequestView } from "./wire/request-log.ts";

export type ConnectSimulatorOptions = {
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  /** The whole account, as `--config` has it. What stands below is laid over it and its first instance. */
  centre?: CentreConfigInput;
  region?: string;
  accountId?: string;
  instanceId?: string;
  contactFlowIds?: readonly string[];
  /** The first of each is used where a request names none. */
  queueIds?: readonly string[];
  phoneNumbers?: readonly string[];
  quotas?: Partial<Record<OperationName, Quota>>;
  activeCalls?: number;
  deviations?: DeviationsInput;
  durations?: DurationsInput;
  /** False takes every request without looking at its signature. */
  auth?: boolean;
  /** What requests may be signed with; `test`/`test`, `x`/`x` and `local`/`local` when nothing says otherwise. */
  keys?: readonly ConfiguredKey[];
  /** Simulated seconds in a real second; 0 stands still. */
  speed?: number;
  seed?: number;
  /** Where the state is kept across restarts; without it it is not. */
  dataDir?: string;
  /** Where the simulated clock begins, unless `dataDir` knows a later time. */
  startAt?: Date;
  /** Real milliseconds since the epoch: for quotas, tokens, credentials and signatures. */
  realClock?: () => number;
  warn?: (message: string) => void;
  deliverEvent?: (envelope: ContactEventEnvelope) => Promise<void>;
  deliverRecord?: (record: ContactRecord) => Promise<void>;
};

export type ConnectSimulator = Controls & {
  url: string;
  port: number;
  /** The first instance. */
  instanceId: string;
  instanceArn: string;
  /** Ends prompt, open connections included. */
  stop(): Promise<void>;
};

/** Simulated milliseconds. */
const stretch = 3_600_000;
const mostUnderWay = 1_000;

/** Runs a step of the start, and closes the server again if it cannot be done. */
function orClose<Result>(server: Server, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    server.close();
    throw error;
  }
}

/** An Amazon Connect on this machine. Rejects when the port is taken or the configuration is wrong. */
export async function startConnectSimulator(
  options: ConnectSimulatorOptions = {},
): Promise<ConnectSimulator> {
  const { host = "127.0.0.1", speed = 1, seed = 1, warn = (message) => console.warn(message) } = options;
  const config = configFrom(options);
  const server = createServer({ requireHostHeader: false });
  server.listen(options.port ?? 0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const { dataDir } = options;
  const journal = orClose(server, () => (dataDir === undefined ? noJournal : openJournal(dataDir)));
  // The world went on while the simulator was down, unless its clock is one that stands still.
  const startAt = options.startAt?.getTime() ?? (speed > 0 || journal.foundNow === null ? Date.now() : 0);
  const clock = simulatedClock(journal.foundNow ?? startAt, speed, journal.commit);
  const realNow = options.realClock ?? Date.now;
  const post = delivery(clock, {
    deliverEvent: options.deliverEvent,
    deliverRecord: options.deliverRecord,
    keepsUndelivered: dataDir !== undefined,
    warn,
  });
  const open = () => openWorld(config, { clock, journal, realNow, seed, deliver: post });
  let world = orClose(server, open);
  orClose(server, () => world.begin(startAt));

  const faults = pendingFaults();
  const quotas = { ...config.quotas, ...options.quotas };
  const buckets = tokenBuckets((operation) => quotas[operation] ?? defaultQuota(operation), realNow);
  const requests = requestLog();
  const keys = keyRing({
    keys: options.keys ?? config.keys ?? defaultKeys,
    accountId: config.accountId,
    now: realNow,
  });

  /** Does something to the world, and keeps it. */
  function changing<Result>(change: (world: World) => Result): Result {
    try {
      return change(world);
    } finally {
      journal.commit(clock.now());
    }
  }

  /** In stretches, so that what is sent does not pile up before it can be received. */
  async function advance(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= stretch) {
      clock.advance(Math.min(left, stretch));
      if (post.backlog() > mostUnderWay) await post.settled();
    }
    journal.mark(clock.now());
  }

  const clockReading = () => ({ now: new Date(clock.now()).toISOString(), speed: clock.speed() });
  const controls: Controls = {
    contacts: () => Array.from(world.contacts.all(), viewOf),
    requests: () => requests.all(),
    pendingFaults: () => faults.pending(),
    faults: (fault) => faults.add(v.parse(faultSchema, fault)),
    events: (settings) => post.change(v.parse(eventSettingsSchema, settings)),
    clockReading,
    async clock(change) {
      const parsed = v.parse(clockChangeSchema, change);
      if ("speed" in parsed) clock.setSpeed(parsed.speed);
      else await advance(parsed.advanceSeconds * 1000);
      await post.settled();
      return clockReading();
    },
    instances: () => instanceViews(world),
    agents: () => agentViews(world),
    agent: (change) => changing(() => setAgent(world, v.parse(agentChangeSchema, change))),
    arrive: (arrival) => changing(() => letArrive(world, v.parse(arrivalSchema, arrival))),
    books: () => [...world.instances.values()].flatMap(({ books }) => [...books.all()]),
    reset() {
      world.end();
      post.forgetAll();
      journal.clear(clock.now());
      requests.clear();
      faults.clear();
      buckets.refill();
      world = open();
      world.begin(clock.now());
    },
  };

  const answerControl = controlApi(controls);
  const answerConnect = connectWire({
    world: () => world,
    authentication: authentication({ keys, region: config.region, check: options.auth ?? true, realNow }),
    faults,
    buckets,
    requests,
    warn,
  });
  serve(server, {
    answer: (request) => (request.url?.startsWith(controlPrefix) ? answerControl : answerConnect),
    warn,
  });
  const [first] = [...world.instances.values()];
  if (first === undefined) throw new Error("there is no instance");

  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    clock.stop();
    world.end();
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await Promise.all([closed, post.stop()]);
    journal.close(clock.now());
  }

  return {
    ...controls,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    instanceId: first.id,
    instanceArn: first.place.instanceArn,
    stop: () => (stopped ??= stop()),
  };
}
