import { describe, expect, it } from "vitest";
import {
  firstStates,
  isSettled,
  mayBecome,
  mayBeOnCall,
  priorStates,
  states,
  transitions,
  wayTo,
} from "../../../lib/contacts/contact-states.ts";

describe("the table of states", () => {
  it("names only states that it has", () => {
    for (const targets of Object.values(transitions)) for (const to of targets) expect(states).toContain(to);
  });

  it("reaches every state from those that a request may be first recorded as", () => {
    const reached = new Set<string>(firstStates);
    for (const from of reached)
      for (const to of transitions[from as keyof typeof transitions]) reached.add(to);
    expect([...reached].sort()).toEqual([...states].sort());
  });

  it("lets no state become itself, for a write condition could not tell whether it had been applied", () => {
    for (const state of states) expect(mayBecome(state, state)).toBe(false);
  });

  it("never leads from doubt to a new dial except through a decision on a parked request", () => {
    expect(priorStates("dialling")).toEqual(["deferred"]);
    expect(priorStates("deferred")).toEqual(["dialling", "ended", "parked"]);
    expect(mayBecome("unknown", "deferred")).toBe(false);
  });

  it("takes for settled all but what waits for its dial, and what may be on a call", () => {
    for (const state of states)
      expect(isSettled(state), state).toBe(state !== "deferred" && !mayBeOnCall(state));
  });

  it.each(states)("has a way from %s to the end of its call, or is settled", (state) => {
    expect(isSettled(state) || state === "deferred" || wayTo(state, "ended") !== undefined).toBe(true);
  });

  it("takes only steps of the table on the way that evidence shows", () => {
    for (const from of states) {
      for (const goal of ["placed", "connected", "ended"] as const) {
        let at = from;
        for (const to of wayTo(from, goal) ?? []) {
          expect(mayBecome(at, to)).toBe(true);
          at = to;
        }
      }
    }
  });

  it("passes through placed where a call was answered before it was known to be placed", () => {
    expect(wayTo("dialling", "connected")).toEqual(["placed", "connected"]);
    expect(wayTo("unknown", "connected")).toEqual(["connected"]);
    expect(wayTo("dialling", "ended")).toEqual(["ended"]);
    expect(wayTo("deferred", "connected")).toBeUndefined();
    expect(wayTo("refused", "connected")).toBeUndefined();
  });

  it("never takes a call back", () => {
    expect(wayTo("ended", "placed")).toEqual([]);
    expect(wayTo("connected", "placed")).toEqual([]);
    expect(wayTo("deferred", "placed")).toBeUndefined();
    expect(wayTo("refused", "ended")).toBeUndefined();
  });
});
