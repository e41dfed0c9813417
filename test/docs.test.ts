import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
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
where an attribute update has named its contact, Connect is asked after it; else it has to be \`parked\` first, and then an operator, or \`onUnknown: "redial"\`, asks for a new attempt.
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

describe("docs/operations.md", () => {
  const operations = [
    "CreateUser",
    "DeleteUser",
    "DescribeUser",
    "DescribeUserHierarchyGroup",
    "DescribeUserHierarchyStructure",
    "GetCurrentMetricData",
    "GetFederationToken",
    "GetMetricData",
    "ListRoutingProfiles",
    "ListSecurityProfiles",
    "ListUserHierarchyGroups",
    "ListUsers",
    "StartOutboundVoiceContact",
    "StopContact",
    "UpdateContactAttributes",
    "UpdateUserHierarchy",
    "UpdateUserIdentityInfo",
    "UpdateUserPhoneConfig",
    "UpdateUserRoutingProfile",
    "UpdateUserSecurityProfiles",
  ];
  const page = readFileSync("docs/operations.md", "utf8");
  const rows = [...page.matchAll(/^\| (\w+) \| .+ \| `(.+)` \| `(.+)` \|$/gm)].map(([, ...row]) => row);
  const sentFrom = (file: string): string[] => {
    const code = readFileSync(file, "utf8");
    const imported = code.match(/import \{([^}]*)\} from "@aws-sdk\/client-connect"/)?.[1] ?? "";
    return [...imported.matchAll(/\b(?:(\w+)Command|paginate(\w+))\b/g)]
      .filter(([name]) => code.includes(`${name}(`))
      .map(([, command, paginated]) => String(command ?? paginated));
  };

  it("has each of the twenty operations once", () => {
    expect(rows.map(([operation]) => operation)).toEqual(operations);
  });

  it.each(rows)("names the file that sends %s, and one that uses it: %s, %s", (operation, sender, user) => {
    expect(sentFrom(String(sender))).toContain(operation);
    expect(readFileSync(String(user), "utf8")).toContain(String(sender).replace(/^lib/, ""));
  });

  it("names all others that the service sends", () => {
    const sent = readdirSync("lib", { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".connect.ts"))
      .flatMap((name) => sentFrom(join("lib", name)));
    const others = [...new Set(sent)].filter((operation) => !operations.includes(operation)).sort();
    expect(others.length).toBeGreaterThan(0);
    const named = page.match(/the service uses (.+)\.\n/)?.[1]?.split(/, | and /) ?? [];
    expect(named).toEqual(others);
  });
});
