import { expect, it } from "vitest";
import { linesOf } from "../../cli/commands/roster-print.ts";
import { aDesiredUser, aRosterPlan } from "../support/roster-world.ts";

it("of a new user tells the routing profile, and of one who is not active that it is another", () => {
  const plan = aRosterPlan({
    created: [
      { username: "ana", user: aDesiredUser() },
      { username: "bo", user: aDesiredUser({ active: false }) },
    ],
  });
  expect(linesOf(plan, { perSecond: 2, burst: 5 })).toEqual([
    "+  ana  created  Sales",
    "+  bo   created  not active",
    "2 to create, 0 to change, 0 as described.",
    "To apply it takes a few seconds, at 2 of each request a second.",
  ]);
});
