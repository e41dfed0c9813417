import type { Federation, Pass, SignIn, SignInRefusal } from "../../lib/federation/federation.ts";

/** The federation of an instance with these users. */
export class FederationInMemory implements Federation {
  /** What becomes of everybody, in place of a pass; an error is thrown. */
  fails: SignInRefusal | Error | undefined;
  readonly asked: string[] = [];
  readonly passes: Pass[] = [];
  private readonly users: readonly string[];

  constructor(users: readonly string[]) {
    this.users = users;
  }

  async signIn(username: string): Promise<SignIn> {
    this.asked.push(username);
    if (this.fails instanceof Error) throw this.fails;
    if (this.fails) return { kind: this.fails };
    if (!this.users.includes(username)) return { kind: "no-such-user" };
    const number = this.passes.length + 1;
    const expiresAt = "2026-11-25T12:00:00.000Z";
    const pass = {
      userId: `user-${this.users.indexOf(username)}`,
      signInUrl: "https://acme.my.connect.aws/auth/sign-in",
      credentials: {
        accessToken: `access-token-${number}`,
        accessTokenExpiresAt: expiresAt,
        refreshToken: `refresh-token-${number}`,
        refreshTokenExpiresAt: expiresAt,
      },
    };
    this.passes.push(pass);
    return { kind: "signed-in", pass };
  }
}
