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

interface Reading<Value> {
  at: number;
  value: Value;
}

/** @param now epoch milliseconds */
export function parametersOf(client: SSMClient, now: () => number = Date.now): Parameters {
  const provider = new SSMProvider({ awsSdkV3Client: client });
  // The provider's own cache keeps neither an age to ask for nor what is missing, which hostile traffic would ask for forever.
  const asked = new Map<string, Reading<Promise<string | undefined>>>();
  /** Apart from what was asked last, so that a store that fails takes nothing away. */
  const known = new Map<string, Reading<string>>();

  const getAgain = async (name: string): Promise<string | undefined> => {
    const last = asked.get(name);
    if (last && now() - last.at < keepAtLeastMs) return last.value;
    const reading = { at: now(), value: ask(provider, name) };
    asked.set(name, reading);
    const value = await reading.value;
    if (value === undefined) known.delete(name);
    else known.set(name, { at: reading.at, value });
    return value;
  };
  const get = async (name: string): Promise<string | undefined> => {
    const last = known.get(name);
    return last && now() - last.at < keepMs ? last.value : getAgain(name);
  };
  return { get, getAgain };
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
