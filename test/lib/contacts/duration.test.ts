import { expect, it } from "vitest";
import { durationInMs } from "../../../lib/contacts/duration.ts";

it.each([
  ["PT5M", 300_000],
  ["PT1H30M", 5_400_000],
  ["P1D", 86_400_000],
  ["P1DT1S", 86_401_000],
  ["P2W", 1_209_600_000],
  ["PT0S", 0],
])("%s is %i ms", (text, ms) => {
  expect(durationInMs(text)).toBe(ms);
});

it.each(["", "P", "PT", "P1DT", "5M", "PT5", "P1Y", "P1M", "PT-5M", "PT1.5S", " PT5M"])(
  "%j is no duration",
  (text) => {
    expect(durationInMs(text)).toBeUndefined();
  },
);
