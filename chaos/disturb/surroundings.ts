import type { Through } from "../../local/stack/ways.ts";
import { type Service, services } from "../plan/disturbances.ts";
import type { Draw } from "../plan/draw.ts";
import { type Asked, type DisturbingProxy, startDisturbingProxy } from "./disturbing-proxy.ts";
import { Fates } from "./fates.ts";
import { Witness } from "./witness.ts";

export interface Surroundings {
  /** What the stack is to start its functions with. */
  through: Through;
  fates: Record<Service, Fates>;
  witness: Witness;
  stop(): Promise<void>;
}

/** A proxy before each of the services. */
export function surroundingsOf(drawFor: (stream: string) => Draw): Surroundings {
  const witness = new Witness(Date.now);
  const proxies: DisturbingProxy[] = [];
  const fatesOf = (service: Service) => new Fates(drawFor(`fates ${service}`), Date.now);
  const fates = {
    CONNECT: fatesOf("CONNECT"),
    DYNAMODB: fatesOf("DYNAMODB"),
    SNS: fatesOf("SNS"),
    SQS: fatesOf("SQS"),
  };
  const notes: Partial<Record<Service, (asked: Asked) => void>> = {
    CONNECT: (asked) => witness.ofConnect(asked),
    DYNAMODB: (asked) => witness.ofDynamoDb(asked),
  };
  const before = (service: Service) => async (url: string) => {
    const proxy = await startDisturbingProxy(url, (asked) => {
      notes[service]?.(asked);
      return fates[service].of(asked);
    });
    proxies.push(proxy);
    return proxy.url;
  };
  return {
    through: Object.fromEntries(services.map((service) => [service, before(service)])),
    fates,
    witness,
    stop: async () => void (await Promise.all(proxies.map((proxy) => proxy.stop()))),
  };
}
