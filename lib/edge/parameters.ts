import { SSMProvider } from "@aws-lambda-powertools/parameters/ssm";
import type { SSMClient } from "@aws-sdk/client-ssm";

/** The parameter store, decrypted. What was read is kept in memory, and so is that there was nothing to read. */
export interface Parameters {
  /** At most a minute old. @returns undefined where there is no such parameter */
  get(name: string): Promise<string | undefined>;
  /** For whoever has found what `get` gave to be outdated: at most ten seconds old, however often it is asked for. */
  getAgain(name: string): Promise<string | undefined>;
}

const keepMs = 60_000;
const keepAtLeastMs = 10_000;

interface Kept {
  at: number;
  keepMs: number;
  value: Promise<string | undefined>;
}

/** @param now epoch milliseconds */
export function parametersOf(client: SSMClient, now: () => number = Date.now): Parameters {
  const provider = new SSMProvider({ awsSdkV3Client: client });
  const kept = new Map<string, Kept>();

  // The provider's own cache keeps neither an age to ask for nor what is missing, which hostile traffic would ask for forever.
  const read = async (name: string): Promise<string | undefined> => {
    const reading: Kept = { at: now(), keepMs: keepAtLeastMs, value: ask(provider, name) };
    kept.set(name, reading);
    if ((await reading.value) !== undefined) reading.keepMs = keepMs;
    return reading.value;
  };
  const notOlderThan = (name: string, ms: number): Promise<string | undefined> => {
    const last = kept.get(name);
    return last && now() - last.at < Math.min(ms, last.keepMs) ? last.value : read(name);
  };
  return {
    get: (name) => notOlderThan(name, keepMs),
    getAgain: (name) => notOlderThan(name, keepAtLeastMs),
  };
}

async function ask(provider: SSMProvider, name: string): Promise<string | undefined> {
  try {
    return await provider.get(name, { decrypt: true, forceFetch: true });
  } catch (error) {
    // By its name: a bundle has no classes for the errors of the SDK.
    if (error instanceof Error && error.cause instanceof Error && error.cause.name === "ParameterNotFound")
      return undefined;
    throw error;
  }
}
