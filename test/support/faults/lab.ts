import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ConnectSimulator,
  type ConnectSimulatorOptions,
  startConnectSimulator,
} from "../../../local/connect-simulator/simulator.ts";
import { packagedService } from "../../../local/stack/packaged-service.ts";
import { type Stack, startStack } from "../../../local/stack/stack.ts";
import { type HoldingProxy, startHoldingProxy } from "../holding-proxy.ts";
import { type LabClock, startClock } from "./clock.ts";

export interface Lab {
  dir: string;
  clock: LabClock;
  stack: Stack;
  /** Between every function and DynamoDB. */
  database: HoldingProxy;
  /** Between every function and SNS. */
  notices: HoldingProxy;
  /** Connect as it is taken to be, which forgets a token once its call has ended; and one that knows it for seven days. */
  connect: { forgets: ConnectSimulator; remembers: ConnectSimulator };
  /** Moves every clock, Connect's as well, and has Connect send what is due. */
  advance(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

export const webhookSecret = "the-secret-of-ours";

/** Raised, so that nothing waits for what no fault is about. */
const quota = { rate: 10_000, burst: 10_000 };

/** The packaged service on the local stack, with its queues delivered by hand and all clocks set by hand. */
export async function startLab(): Promise<Lab> {
  const service = await packagedService(process.cwd(), (line) => void process.stderr.write(`${line}\n`));
  const dir = mkdtempSync(join(tmpdir(), "contact-automation-faults-"));
  const clock = startClock(dir);
  const simulator: ConnectSimulatorOptions = {
    speed: 0,
    // The SDK signs by the time that a server's answers show, and these show the real one.
    auth: false,
    activeCalls: 1_000,
    quotas: { StartOutboundVoiceContact: quota, StopContact: quota, DescribeContact: quota },
    realClock: () => Date.now(),
  };
  const proxies: HoldingProxy[] = [];
  const proxied = async (url: string) => {
    const proxy = await startHoldingProxy(url);
    proxies.push(proxy);
    return proxy.url;
  };
  const stack = await startStack({
    service,
    dir,
    pollers: false,
    simulator,
    parameters: {
      "/contact-automation-local/webhooks/ours": JSON.stringify({ secrets: [webhookSecret] }),
    },
    environment: {
      ...clock.environment,
      CONNECT_RATE_PER_SECOND: "400",
      CONNECT_BURST: "100",
      CONNECT_ACTIVE_CALLS: "500",
      CONNECT_STOP_RATE_PER_SECOND: "400",
      CONNECT_STOP_BURST: "100",
    },
    through: { DYNAMODB: proxied, SNS: proxied },
    warn: () => {},
  });
  const [database, notices] = proxies;
  if (!database || !notices) throw new Error("the stack did not ask for what is to stand between");
  const { env } = stack;
  const forgets = stack.simulator;
  const remembers = await startConnectSimulator({
    ...simulator,
    instanceId: String(env["CONNECT_INSTANCE_ID"]),
    contactFlowIds: [String(env["DEFAULT_CONTACT_FLOW_ID"])],
    queueIds: [String(env["DEFAULT_QUEUE_ID"])],
    deviations: { tokenAfterDisconnect: "same-contact" },
  });
  return {
    dir,
    clock,
    stack,
    database,
    notices,
    connect: { forgets, remembers },
    advance: async (advanceSeconds) => {
      clock.advance(advanceSeconds);
      await Promise.all([forgets, remembers].map((connect) => connect.clock({ advanceSeconds })));
    },
    stop: async () => {
      clock.stop();
      await Promise.all([stack.stop(), remembers.stop()]);
      await Promise.all(proxies.map((proxy) => proxy.stop()));
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
