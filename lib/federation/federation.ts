/** Amazon Connect's sign-in for those whom an identity provider vouches for. Only instances of SAML have it. */
export interface Federation {
  /**
   * Opens a session of the federation role under the user's name, and asks Connect for that user's pass with it.
   * @param username must be one that a session can have: `usernameOf`
   */
  signIn(username: string): Promise<SignIn>;
}

export type SignIn = { kind: "signed-in"; pass: Pass } | { kind: SignInRefusal };

export type SignInRefusal =
  /** Connect has no user of that name; upper and lower case differ. */
  | "no-such-user"
  /** Connect says that the user is with the instance already. */
  | "duplicate-user"
  /** There is no such instance, or it is not one of SAML. */
  | "wrong-instance"
  /** The service may not open sessions of the federation role. */
  | "role-refused"
  /** The role may not ask for passes. */
  | "not-permitted"
  /** STS or Connect is over its rate. */
  | "busy";

/** Whoever holds it is signed in: it goes to nobody but the user, and into no log. */
export interface Pass {
  userId: string;
  signInUrl: string;
  credentials: {
    accessToken: string;
    /** ISO 8601, as is the other one. */
    accessTokenExpiresAt: string;
    refreshToken: string;
    refreshTokenExpiresAt: string;
  };
}
