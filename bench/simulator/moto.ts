import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { median, quantile } from "../statistics.ts";
import { largeCentre } from "./centres.ts";
import { ended, residentMB, spawnOnItsCore } from "./cores.ts";
import { load } from "./load.ts";
import { ask, signerFor, type Unsigned } from "./signing.ts";
import { startSimulator } from "./simulator-process.ts";

type Server = { pid: number; port: number; startSeconds: number; stop(): Promise<void> };

export interface Side {
  name: string;
  startSeconds: number;
  rssMB: number;
  /** By operation: requests a second, and milliseconds. */
  operations: Record<string, { perSecond: number; p50: number; p99: number }>;
}

const python = ["-W", "ignore", "-m", "moto.server"];

/** Null where moto is not installed. */
export function motoVersion(): string | null {
  const script = "import moto.server, importlib.metadata as m; print(m.version('moto'))";
  const { status, stdout } = spawnSync("python3", ["-c", script], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}

/** The two operations that moto has as well, with one instance and the users that the default centre has. */
export async function compareWithMoto(directory: string, version: string, seconds: number): Promise<Side[]> {
  const sides: Side[] = [];
  for (const flags of [[], ["--no-auth"]]) {
    const simulator = await startSimulator(directory, largeCentre(100), flags);
    const name = `simulator, signatures ${flags.length === 0 ? "checked" : "not checked"}`;
    sides.push(await measured(name, simulator, seconds));
  }
  sides.push(await measured(`moto_server ${version}, which checks none`, await startMoto(), seconds));
  return sides;
}

async function measured(name: string, server: Server, seconds: number): Promise<Side> {
  const side: Side = { name, startSeconds: server.startSeconds, rssMB: 0, operations: {} };
  try {
    const sign = signerFor(server.port);
    const list = { method: "GET", path: "/instance" } as const;
    const { InstanceSummaryList } = (await ask(server.port, await sign(list))) as {
      InstanceSummaryList: { Id: string }[];
    };
    const requests: Record<string, Unsigned> = {
      DescribeInstance: { method: "GET", path: `/instance/${InstanceSummaryList[0]?.Id}` },
      ListInstances: list,
    };
    for (const [operation, request] of Object.entries(requests)) {
      const { bytes } = await sign(request);
      await load(server.port, () => bytes, 1);
      const loaded = await load(server.port, () => bytes, seconds);
      side.operations[operation] = {
        perSecond: loaded.requests / loaded.seconds,
        p50: median(loaded.latencies),
        p99: quantile(loaded.latencies, 0.99),
      };
    }
    side.rssMB = await residentMB(server.pid);
    return side;
  } finally {
    await server.stop();
  }
}

/** moto's own server, with one instance. */
async function startMoto(): Promise<Server> {
  const port = await freePort();
  const begun = performance.now();
  const child = spawnOnItsCore("python3", [...python, "-p", String(port)], { stdio: "ignore" });
  const { pid } = child;
  if (pid === undefined) throw new Error("moto has no process");
  const sign = signerFor(port);
  const create = await sign({
    method: "PUT",
    path: "/instance",
    body: {
      IdentityManagementType: "CONNECT_MANAGED",
      InstanceAlias: "simulated",
      InboundCallsEnabled: true,
      OutboundCallsEnabled: true,
    },
  });
  let tries = 0;
  while (!(await ask(port, create).then(Boolean, () => false))) {
    tries += 1;
    if (tries > 600) throw new Error("moto did not start");
    await pause(50);
  }
  return {
    pid,
    port,
    startSeconds: (performance.now() - begun) / 1000,
    stop: () => ended(child, "SIGKILL"),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
