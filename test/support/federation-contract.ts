import { expect, it } from "vitest";
import type { Federation } from "../../lib/federation/federation.ts";

/** What every federation does. @param make one of an instance with these users */
export function federationContract(make: (users: string[]) => Promise<Federation>): void {
  const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const token = expect.stringMatching(/^[\w-]{10,}$/);

  it("signs a user in, each time with a pass of its own", async () => {
    const federation = await make(["ana@example.com", "ben"]);
    const answers = [await federation.signIn("ana@example.com"), await federation.signIn("ana@example.com")];
    const tokens = answers.flatMap((answer) => {
      expect(answer).toEqual({
        kind: "signed-in",
        pass: {
          userId: expect.stringMatching(/./),
          signInUrl: expect.stringMatching(/^https:\/\//),
          credentials: {
            accessToken: token,
            accessTokenExpiresAt: instant,
            refreshToken: token,
            refreshTokenExpiresAt: instant,
          },
        },
      });
      const { credentials } = answer.kind === "signed-in" ? answer.pass : {};
      return [credentials?.accessToken, credentials?.refreshToken];
    });
    expect(new Set(tokens).size).toBe(4);
  });

  it("signs each user in as that user", async () => {
    const federation = await make(["ana", "ben"]);
    const [ana, again, ben] = await Promise.all(["ana", "ana", "ben"].map((name) => federation.signIn(name)));
    const idOf = (answer: typeof ana) => (answer?.kind === "signed-in" ? answer.pass.userId : undefined);
    expect(idOf(ana)).toBe(idOf(again));
    expect(idOf(ben)).not.toBe(idOf(ana));
  });

  it.each(["Ana", "nobody", "ana@example.com", "=,+", "a".repeat(64)])("knows nobody as %s", async (name) => {
    const federation = await make(["ana"]);
    expect(await federation.signIn(name)).toEqual({ kind: "no-such-user" });
  });
}
