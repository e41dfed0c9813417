import { describe, expect, it } from "vitest";
import { LiveView } from "../../../local/stack/live-view.ts";

const aScreen = (isTTY: boolean, rows = 24) => {
  let now = 0;
  let written = "";
  const write = (text: string) => {
    written += text;
  };
  const out = { isTTY, columns: 120, rows, write };
  return {
    view: new LiveView(out, () => now),
    after: (ms: number) => {
      now += ms;
    },
    /** Since it was last asked. */
    written: () => {
      const text = written.replaceAll("\u001b", "␛");
      written = "";
      return text;
    },
  };
};
const aNotice = (requestId: string, state: string, revision: number, more = {}) => ({
  noticeId: `${requestId}-${revision}`,
  requestId,
  state,
  revision,
  ...more,
});

describe("where the output is not a terminal", () => {
  it("writes a line for each change", () => {
    const { view, after, written } = aScreen(false);
    view.sent(["r-1"]);
    after(1_500);
    view.notice(aNotice("r-1", "ended", 3, { attempt: 1, outcome: "busy" }));
    expect(
      written()
        .trim()
        .split("\n")
        .map((line) => line.split(/\s{2,}/)),
    ).toEqual([
      ["request", "state", "attempt", "outcome", "elapsed", "note"],
      ["r-1", "ended", "1", "busy", "1.5 s"],
    ]);
    expect(view.unsettled()).toEqual([]);
  });

  it("takes no notice of what is older than what it knows", () => {
    const { view, written } = aScreen(false);
    view.sent(["r-1"]);
    view.notice(aNotice("r-1", "placed", 2));
    written();
    view.notice(aNotice("r-1", "dialling", 1));
    view.notice(aNotice("r-1", "placed", 2));
    expect(written()).toBe("");
    expect(view.unsettled()).toEqual(["r-1"]);
  });

  it("shows requests that somebody else has sent, and waits for none of them", () => {
    const { view, written } = aScreen(false);
    view.notice(aNotice("theirs", "placed", 1));
    expect(written()).toMatch(/^theirs +placed/);
    expect(view.unsettled()).toEqual([]);
  });
});

describe("in a terminal", () => {
  it("redraws the table in place, and says everything else above it", () => {
    const { view, written } = aScreen(true);
    view.sent(["r-1", "r-2"]);
    written();
    view.notice(aNotice("r-2", "placed", 1));
    expect(written()).toMatch(/^␛\[3A␛\[0Jrequest .*\nr-1 +sent\nr-2 +placed/);
    view.say("something");
    expect(written()).toMatch(/^␛\[3A␛\[0Jsomething\nrequest .*\nr-1 .*\nr-2 .*\n$/);
  });

  it("lets the time of what is not settled go by", () => {
    const { view, after, written } = aScreen(true);
    view.sent(["r-1"]);
    after(2_000);
    written();
    view.tick();
    expect(written()).toContain("2.0 s");
    view.notice(aNotice("r-1", "ended", 1));
    written();
    view.tick();
    expect(written()).toBe("");
  });

  it("writes lines when the table does not fit", () => {
    const { view, written } = aScreen(true, 4);
    view.sent(["r-1", "r-2", "r-3"]);
    view.notice(aNotice("r-2", "placed", 1));
    expect(written()).not.toContain("␛");
  });
});
