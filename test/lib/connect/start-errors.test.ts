import { describe, expect, it } from "vitest";
import { answerTo, startErrors } from "../../../lib/connect/start-errors.ts";

describe("an error of StartOutboundVoiceContact", () => {
  it.each(Object.entries(startErrors))("%s has its row: %s", (name, meaning) => {
    const answer = answerTo({ name, status: 400 });
    expect(answer.kind === "not-now" ? answer.why : answer.kind).toBe(meaning);
  });

  it.each([
    [{ name: "Error", code: "ECONNREFUSED" }, "not-now"],
    [{ name: "Error", code: "ENOTFOUND" }, "not-now"],
    [{ name: "Error", code: "ECONNRESET" }, "unclear"],
    [{ name: "TimeoutError" }, "unclear"],
    [{ name: "SyntaxError", status: 502 }, "unclear"],
    [{ name: "ServiceUnavailable", status: 503 }, "unclear"],
    [{ name: "Whatever", status: 429 }, "not-now"],
    [{ name: "Whatever", status: 403 }, "not-now"],
    [{ name: "Whatever", status: 408 }, "unclear"],
    [{ name: "Whatever", status: 409 }, "refused"],
    [{ name: "unknown" }, "unclear"],
  ])("that the table does not name, %j, is %s", (failure, kind) => {
    expect(answerTo(failure).kind).toBe(kind);
  });
});
