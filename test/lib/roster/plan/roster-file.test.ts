import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRoster, writeRoster } from "../../../../lib/roster/plan/read-roster.ts";
import { rosterFormats } from "../../../../lib/roster/plan/roster-file.ts";
import type { DesiredUser } from "../../../../lib/roster/user-command.ts";

const sample = (name: string) => readRoster(name, readFileSync(`events/roster/${name}`, "utf8"));
const problemsIn = (name: string, text: string) =>
  readRoster(name, text)?.problems.map(({ line, why }) => `${line}: ${why}`);

describe("a file", () => {
  it("says the same in YAML and as CSV", () => {
    const yaml = sample("01-team.yaml");
    const csv = sample("02-team.csv");
    expect(yaml?.problems).toEqual([]);
    expect(csv?.problems).toEqual([]);
    const withoutLine = ({ username, user }: { username: string; user: DesiredUser }) => ({ username, user });
    expect(csv?.entries.map(withoutLine)).toEqual(yaml?.entries.map(withoutLine));
    expect(yaml?.entries.map(({ username, line }) => [username, line])).toEqual([
      ["ana", 8],
      ["bo", 10],
      ["cy", 13],
    ]);
    expect(csv?.entries[2]).toEqual({
      line: 4,
      username: "cy",
      user: {
        identity: { firstName: "Cy", lastName: "Okafor", email: "cy.okafor@example.com" },
        phone: {
          type: "DESK_PHONE",
          autoAccept: false,
          afterContactWorkSeconds: 30,
          deskNumber: "+12065550142",
        },
        routingProfile: "Basic Routing Profile",
        securityProfiles: ["Agent"],
        active: true,
      },
    });
  });

  it("need not say what is usual, and may have separators in names", () => {
    const [ana, bo] = sample("03-hierarchy.csv")?.entries ?? [];
    expect(ana?.user).toMatchObject({
      phone: { type: "SOFT_PHONE", autoAccept: false, afterContactWorkSeconds: 0 },
      hierarchy: ["EMEA", "Madrid", "Night"],
      active: true,
    });
    expect(bo?.user).toMatchObject({
      securityProfiles: ["Agent", "Quality; and Training"],
      hierarchy: ["EMEA", "Support 24/7"],
    });
  });

  it("may begin with a mark of its encoding, and end each line in another way", () => {
    const header = "\uFEFFusername,firstName,lastName,routingProfile,securityProfiles,email";
    const row = (username: string) => `${username},A,B,R,S,${username}@example.com`;
    const read = readRoster(
      "roster.csv",
      `${header}\n${row("ana")}\r\n${row("007")}\n${row("no")}\r${row("cy")}`,
    );
    expect(read?.problems).toEqual([]);
    expect(read?.entries.map(({ line, username, user }) => [line, username, user.identity.email])).toEqual([
      [2, "ana", "ana@example.com"],
      [3, "007", "007@example.com"],
      [4, "no", "no@example.com"],
      [5, "cy", "cy@example.com"],
    ]);
  });

  it("of another kind is none", () => {
    expect(readRoster("roster.xlsx", "")).toBeUndefined();
  });
});

describe("what is wrong is told with its line, all of it", () => {
  it("in YAML", () => {
    expect(sample("04-wrong.yaml")?.problems.map(({ line, why }) => `${line}: ${why}`)).toEqual([
      "7: identity.lastName is missing",
      "12: phone needs a deskNumber for a DESK_PHONE",
      "14: securityProfiles must have 1 to 10 entries",
    ]);
  });

  const yamlUser = (more: string) =>
    `users:\n  - username: ana\n    identity: { firstName: A, lastName: B }\n    routingProfile: R\n    securityProfiles: [S]\n${more}`;

  it.each([
    [
      "twice the same user",
      yamlUser(
        `  - { username: ana, identity: { firstName: C, lastName: D }, routingProfile: R, securityProfiles: [S] }`,
      ),
      ['6: "ana" is described on line 2 already'],
    ],
    ["an unknown field", yamlUser("    nickname: x\n"), ["6: nickname is not a known field"]],
    [
      "a number for a text",
      yamlUser("    phone:\n      deskNumber: +34911111111\n"),
      ["7: phone.deskNumber must be string"],
    ],
    [
      "what is said once for all is told once",
      `defaults:\n  shoe: 42\n${yamlUser("")}  - { username: bo, identity: { firstName: C, lastName: D }, routingProfile: R, securityProfiles: [S] }`,
      ["2: shoe is not a known field"],
    ],
    ["no list", "users: { ana: {} }", ["1: users must be a list"]],
    ["nothing", "", ["1: must have a list users"]],
    ["something else beside it", `${yamlUser("")}groups: []\n`, ["6: groups is not a known field"]],
    [
      "a user that is none",
      "users:\n  - ana\n",
      [
        "2: username is missing",
        "2: identity.firstName is missing",
        "2: identity.lastName is missing",
        "2: routingProfile is missing",
        "2: securityProfiles is missing",
      ],
    ],
    [
      "no YAML",
      "users:\n  - username: [\n",
      ["3: Flow sequence in block collection must be sufficiently indented and end with a ]"],
    ],
    [
      "an alias that leads nowhere",
      "users:\n  - *ana\n",
      ["1: Unresolved alias (the anchor must be set before the alias): ana"],
    ],
  ])("in YAML: %s", (_, text, problems) => {
    expect(problemsIn("roster.yaml", text)).toEqual(problems);
  });

  const header = "username,firstName,lastName,routingProfile,securityProfiles,active\n";
  it.each([
    ["an empty cell", `${header}ana,Ana,,R,S,true\n`, ["2: lastName is missing"]],
    ["neither true nor false", `${header}ana,Ana,Ruiz,R,S,perhaps\n`, ["2: active must be boolean"]],
    [
      "an unknown column",
      "user,firstName,lastName,routingProfile,securityProfiles\n",
      ['1: there is no column "user"; there is username, email, active'],
    ],
    [
      "an unknown column of a name that every object has",
      `constructor,${header}x,ana,Ana,Ruiz,R,S,true\n`,
      ['1: there is no column "constructor"; there is deskNumber, username, firstName'],
    ],
    [
      "a first row that is a user, of whom nothing is told",
      "ana,Ana,Ruiz,ana@example.com,R,S\nbo,Bo,Lind,bo@example.com,R,S\n",
      ["1: has no name of a column: username,firstName,lastName and so on, with commas between them"],
    ],
    ["a column twice", header.replace("active", "username"), ["1: the column username is there twice"]],
    [
      "more cells than columns",
      `${header}ana,Ana,Ruiz,R,S,true,more\n`,
      ["2: has 7 cells, and there are 6 columns"],
    ],
    [
      "lines, with empty ones and a cell of several",
      `${header}\nana,"Ana\nMaria",,R,S,true\n\nbo,Bo,,R,S,\n`,
      ["3: lastName is missing", "6: lastName is missing"],
    ],
    [
      "the same user twice",
      `${header}ana,A,B,R,S,\nana,A,B,R,S,\n`,
      ['3: "ana" is described on line 2 already'],
    ],
    [
      "a quotation mark too many",
      `${header}ana,"A"na,B,R,S,\n`,
      ["2: a quotation mark is where none may be, or is missing: what follows may not have been read"],
    ],
    ["nothing", "", ["1: there is no row with the names of columns"]],
  ])("as CSV: %s", (_, text, problems) => {
    expect(problemsIn("roster.csv", text)).toEqual(problems);
  });
});

it("what is written is read as the very same users", () => {
  // Whatever Connect takes for a name: separators, quotation marks, ends of lines, spaces at either end.
  const aName = fc
    .string({ unit: fc.constantFrom(..."aB;/\\ \"',\n\r#:-é☎+0"), minLength: 1, maxLength: 12 })
    .map((text) => text.normalize("NFC"));
  const aUser: fc.Arbitrary<DesiredUser> = fc.record(
    {
      identity: fc.record({ firstName: aName, lastName: aName }),
      phone: fc.constantFrom<DesiredUser["phone"]>(
        { type: "SOFT_PHONE", autoAccept: false, afterContactWorkSeconds: 0 },
        { type: "DESK_PHONE", autoAccept: true, afterContactWorkSeconds: 9, deskNumber: "+34911111111" },
      ),
      routingProfile: aName,
      securityProfiles: fc.uniqueArray(aName, { minLength: 1, maxLength: 4 }),
      hierarchy: fc.array(aName, { minLength: 1, maxLength: 5 }),
      active: fc.boolean(),
    },
    { requiredKeys: ["identity", "phone", "routingProfile", "securityProfiles", "active"] },
  );
  const aRoster = fc
    .uniqueArray(fc.tuple(aName, aUser), { selector: ([username]) => username, maxLength: 4 })
    .map((all) => all.map(([username, user]) => ({ username, user })));
  fc.assert(
    fc.property(aRoster, fc.constantFrom(...rosterFormats), (roster, format) => {
      const read = readRoster(`roster.${format}`, writeRoster(format, roster));
      expect(read?.problems).toEqual([]);
      expect(read?.entries.map(({ username, user }) => ({ username, user }))).toEqual(roster);
    }),
    { seed: 20_261_126, numRuns: 500 },
  );
});
