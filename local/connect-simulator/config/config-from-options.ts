import type { ConnectSimulatorOptions } from "../simulator.ts";
import { type CentreConfig, type CentreConfigInput, parseCentreConfig } from "./centre-config.ts";

type InstanceInput = NonNullable<CentreConfigInput["instances"]>[number];

/** The configuration, with the options that are given beside it laid over it and its first instance. */
export function configFrom(options: ConnectSimulatorOptions): CentreConfig {
  const { centre = {}, region, accountId, deviations } = options;
  const [first = {}, ...others] = centre.instances ?? [{}];
  return parseCentreConfig({
    ...centre,
    ...(region !== undefined && { region }),
    ...(accountId !== undefined && { accountId }),
    deviations: { ...centre.deviations, ...deviations },
    instances: [laidOver(first, options), ...others],
  });
}

function laidOver(first: InstanceInput, options: ConnectSimulatorOptions): InstanceInput {
  const { instanceId, contactFlowIds, queueIds, phoneNumbers, activeCalls, durations } = options;
  return {
    ...first,
    ...(instanceId !== undefined && { id: instanceId }),
    ...(contactFlowIds?.length && { contactFlows: contactFlowIds.map((id) => ({ name: `Flow ${id}`, id })) }),
    ...(queueIds?.length && { queues: queueIds.map((id) => ({ name: `Queue ${id}`, id })) }),
    ...(phoneNumbers?.length && { phoneNumbers: [...phoneNumbers] }),
    ...(activeCalls !== undefined && { limits: { ...first.limits, activeCalls } }),
    ...(durations !== undefined && {
      behaviour: { ...first.behaviour, durations: { ...first.behaviour?.durations, ...durations } },
    }),
  };
}
