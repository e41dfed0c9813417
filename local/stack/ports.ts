import { createServer } from "node:net";

export interface Ports {
  connect: number;
  messaging: number;
  database: number;
  api: number;
  parameters: number;
}

export const defaultPortBase = 4600;

const wantedBy: Record<keyof Ports, string> = {
  connect: "the Connect simulator",
  messaging: "SQS, SNS and S3",
  database: "DynamoDB",
  api: "the HTTP API",
  parameters: "SSM",
};
const names = ["connect", "messaging", "database", "api", "parameters"] as const;

/** Consecutive ports from `base`, or any free ones. */
export function portsFrom(base: number | undefined): Ports {
  const port = (offset: number) => (base === undefined ? 0 : base + offset);
  return { connect: port(0), messaging: port(1), database: port(2), api: port(3), parameters: port(4) };
}

/** @throws Error naming the port, what wanted it and what to do */
export async function checkFree(ports: Ports): Promise<void> {
  for (const name of names) {
    const port = ports[name];
    const problem = port === 0 ? undefined : await problemWith(port);
    if (problem) {
      const other = port + 100 > 65_000 ? defaultPortBase : port + 100;
      throw new Error(
        `Port ${port}, which ${wantedBy[name]} wants, ${problem}. Choose others with --port-base, such as --port-base ${other}.`,
      );
    }
  }
}

function problemWith(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "EADDRINUSE" ? "is taken" : `cannot be used (${error.code})`),
    );
    // On every address, for fauxqs listens on all.
    probe.listen(port, "0.0.0.0", () => probe.close(() => resolve(undefined)));
  });
}
