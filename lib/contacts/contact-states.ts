/**
 * The states of a call request and what each may become: the one source of the write conditions, of the diagram in
 * docs/states.md and of the tests.
 */
export const transitions = {
  deferred: ["dialling", "refused", "cancelled", "expired"],
  dialling: ["placed", "deferred", "refused", "unknown", "ended"],
  unknown: ["placed", "connected", "ended", "parked"],
  placed: ["connected", "ended"],
  connected: ["ended"],
  // Only when the retry policy allows another attempt.
  ended: ["deferred"],
  // By late evidence, or by an operator's decision; `deferred` is a new attempt.
  parked: ["placed", "connected", "ended", "deferred"],
  refused: [],
  cancelled: [],
  expired: [],
} as const satisfies Record<string, readonly string[]>;

export type State = keyof typeof transitions;

export const states = Object.keys(transitions) as [State, ...State[]];

/** What a request may be first recorded as. */
export const firstStates = [
  "deferred",
  "dialling",
  "refused",
  "expired",
  "cancelled",
] as const satisfies State[];
export type FirstState = (typeof firstStates)[number];

export function mayBecome(from: State, to: State): boolean {
  return (transitions[from] as readonly State[]).includes(to);
}

/** The states that a write of `to` accepts, which is its write condition. */
export function priorStates(to: State): State[] {
  return states.filter((from) => mayBecome(from, to));
}

/** No call of this request can be under way, nor will one come by itself. */
export function isSettled(state: State): boolean {
  return state === "parked" || state === "ended" || transitions[state].length === 0;
}

/** Connect may be ringing or talking: such a request holds its lease of an active call. */
export const callStates = ["dialling", "unknown", "placed", "connected"] as const satisfies State[];

export function mayBeOnCall(state: State): boolean {
  return (callStates as readonly State[]).includes(state);
}

/**
 * The states to write, in order, for evidence that the call has come as far as `goal`; undefined where the table has
 * no way, empty where the request is already there or further.
 */
export function wayTo(from: State, goal: "placed" | "connected" | "ended"): State[] | undefined {
  const rank = { placed: 1, connected: 2, ended: 3 } as const;
  if (from in rank && rank[from as keyof typeof rank] >= rank[goal]) return [];
  if (mayBecome(from, goal)) return [goal];
  if (goal === "connected" && mayBecome(from, "placed")) return ["placed", "connected"];
  return undefined;
}
