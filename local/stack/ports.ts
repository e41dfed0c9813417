import { createServer } from "node:net";

export interface Ports {
  connect: number;
  messaging: number;
  database: number;
}

export const defaultPortBase = 4600;

/** Consecutive ports from `base`, or any free ones. */
export function portsFrom(base: number | undefined): Ports {
  if (base === undefined) return { connect: 0, messaging: 0, database: 0 };
  return { connect: base, messaging: base + 1, database: base + 2 };
}

/** @throws Error naming the port and what wanted it */
export async function checkFree(ports: Ports): Promise<void> {
  for (const [purpose, port] of Object.entries(ports)) {
    if (port !== 0 && !(await isFree(port))) {
      throw new Error(
        `Port ${port}, which ${purpose} wants, is taken. Choose others with --port-base, such as --port-base ${port + 100}.`,
      );
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
