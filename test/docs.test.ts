import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { isSettled, type State, states, transitions } from "../lib/contacts/contact-states.ts";

const means: Record<State, string> = {
  deferred: "known, not to be dialled before `dueAt`, with the reason",
  dialling: "the intent is on record: attempt, token, lease. Connect may or may not have been called",
  unknown: "Connect's answer never came, so the customer may be ringing",
  placed: "Connect accepted the call: `contactId` is known",
  connected: "answered",
  ended: "has its outcome",
  parked: "unknown, and no evidence came in time: needs a decision",
  refused: "Connect or a check refuses for good, with the reason",
  cancelled: "stopped before it was dialled",
  expired: "`expiresAt` passed before it was dialled",
};

it("docs/states.md is drawn from the table of states", async () => {
  const arrows = states.flatMap((from) => transitions[from].map((to) => `    ${from} --> ${to}`));
  const rows = states.map((state) => {
    const next = transitions[state].length > 0 ? transitions[state].join(", ") : "–";
    return `| ${state} | ${means[state]} | ${next} | ${isSettled(state) ? "yes" : ""} |`;
  });
  const page = `# States of a call request

Drawn from \`lib/contacts/contact-states.ts\`, from which the write conditions are derived as well.

| state | means | may become | settled |
|---|---|---|---|
${rows.join("\n")}

\`\`\`mermaid
stateDiagram-v2
    [*] --> deferred
    [*] --> dialling
    [*] --> refused
    [*] --> expired
${arrows.join("\n")}
\`\`\`

\`ended\` becomes \`deferred\` only when the retry policy allows another attempt. \`unknown\` is never dialled again by itself:
it has to be \`parked\` first, and then an operator, or \`onUnknown: "redial"\`, asks for a new attempt.
`;
  await expect(page).toMatchFileSnapshot("../docs/states.md");
});

it("the links of every page lead somewhere", () => {
  const docs = readdirSync("docs").filter((name) => name.endsWith(".md"));
  expect(docs.length).toBeGreaterThan(10);
  for (const page of ["README.md", "cli/README.md", ...docs.map((name) => `docs/${name}`)]) {
    const links = [...readFileSync(page, "utf8").matchAll(/\]\(((?!https?:)[^)#]+)\)/g)].map(([, link]) =>
      String(link),
    );
    const missing = links.filter((link) => !existsSync(join(dirname(page), link)));
    expect(missing, page).toEqual([]);
  }
});
