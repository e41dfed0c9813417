import type { ConnectSimulatorOptions } from "../../../../local/connect-simulator/simulator.ts";
import {
  type OperationName,
  operationNames,
} from "../../../../local/connect-simulator/wire/operation-names.ts";
import type { Centre } from "../support.ts";
import type { Key, Reply, Signable } from "./exchange.ts";
import { inputMembers, modelledErrors } from "./model.ts";
import type { Input } from "./sample.ts";

/** One request to a simulator of its own. */
export type Scene = {
  options?: ConnectSimulatorOptions;
  /** With a function: what has to be there before is brought about first, through the API and the clock. */
  input: Input | ((centre: Centre) => Input | Promise<Input>);
  /** Who asks, if it is not the usual key. */
  as?: (centre: Centre) => Promise<Key>;
  /** Breaks the serialised request in a way that no input can. */
  spoil?: (request: Signable) => void;
  /** What is true of the reply, or of the centre after it. */
  holds?: (reply: Reply, centre: Centre) => void | Promise<void>;
};

/** Scenes by what is special about each. */
type Scenes = Readonly<Record<string, Scene>>;

export type Scenarios = {
  /** The first is the plainest; the usual refusals are made of it. */
  readonly replies: Scenes;
  /** By rules of the simulator; by the name of the error. */
  readonly refusals?: Readonly<Record<string, Scenes>>;
};

export type Refusal = {
  error: string;
  status: number;
  what: string;
  scene: Scene;
  /** `throttled`: the second request of a quota of one. */
  by: "rule" | "fault";
  throttled?: boolean;
};

/** What no rule of the simulator brings about. */
const onlyByFault: readonly { error: string; operation?: OperationName; reason: string }[] = [
  { error: "InternalServiceException", reason: "nothing fails by itself" },
  {
    error: "DuplicateResourceException",
    operation: "GetFederationToken",
    reason: "AWS does not say what a duplicate would be",
  },
  {
    error: "AccessDeniedException",
    operation: "ListPhoneNumbersV2",
    reason: "there are no policies: every key may do everything",
  },
];

/** Every refusal that the model has for the operation: by its own scenes, else by the usual ones. */
export function refusalsOf(operation: OperationName, { replies, refusals }: Scenarios): Refusal[] {
  const [plain] = Object.values(replies);
  if (plain === undefined) throw new Error(`${operation} has no scene`);
  return [...modelledErrors(operation)].flatMap(([error, status]): Refusal[] => {
    const own = Object.entries(refusals?.[error] ?? {});
    if (own.length > 0) return own.map(([what, scene]) => ({ error, status, what, scene, by: "rule" }));
    const fault = onlyByFault.find(
      (one) => one.error === error && (one.operation === undefined || one.operation === operation),
    );
    if (fault !== undefined) return [{ error, status, what: fault.reason, scene: plain, by: "fault" }];
    return [{ error, status, by: "rule", ...usual(operation, error, plain) }];
  });
}

function usual(
  operation: OperationName,
  error: string,
  plain: Scene,
): Pick<Refusal, "what" | "scene" | "throttled"> {
  const instance = (InstanceId: string) => ({ ...plain, input: withMembers(plain, { InstanceId }) });
  switch (error) {
    case "ThrottlingException":
      return { what: "one request more than the quota", scene: plain, throttled: true };
    case "ResourceNotFoundException":
      return { what: "an unknown instance", scene: instance("unknown") };
    case "InvalidParameterException":
      return { what: "an instance of 101 characters", scene: instance("i".repeat(101)) };
    case "InvalidRequestException":
      if (inputMembers(operation).every(({ location }) => location === "uri")) {
        return { what: "a path that is badly encoded", scene: { ...plain, spoil: spoilPath } };
      }
  }
  throw new Error(`${operation} has no scene for ${error}`);
}

/** The input of a scene with other members, once it is prepared. */
export const withMembers =
  ({ input }: Scene, members: Input) =>
  async (centre: Centre): Promise<Input> => ({
    ...(typeof input === "function" ? await input(centre) : input),
    ...members,
  });

export const spoilPath = (request: Signable): void => {
  request.path += "%zz";
};

/** The scene where the quota of its operation is one request; the real clock of quotas stands still. */
export function throttled(operation: OperationName, scene: Scene): Scene {
  const { options } = scene;
  const now = Date.now();
  const quotas = Object.fromEntries(operationNames.map((name) => [name, { rate: 1, burst: 1_000 }]));
  return {
    ...scene,
    options: {
      ...options,
      realClock: () => now,
      quotas: { ...quotas, [operation]: { rate: 1, burst: 1 } },
      deviations: { ...options?.deviations, throttlingError: "ThrottlingException" },
    },
  };
}
