import type { IdentityType } from "../connect/users.ts";

const emailForm = /^[^@]+@[^@]+\.[^@]+$/;

/** @returns what Connect would refuse a new user's name for, which depends on how the users of an instance sign in */
export function problemOfUsername(username: string, identityType: IdentityType): string | undefined {
  const saml = identityType === "SAML";
  const most = saml ? 64 : 20;
  if (username.length > most)
    return `username must have at most ${most} characters where users are ${identityType}`;
  if (saml && !/^[a-zA-Z0-9_.@-]+$/.test(username))
    return "username must be of A-Z a-z 0-9 _ . @ - where users are SAML";
  if (username.includes("@") && !emailForm.test(username))
    return "username may have an @ only in the form of an e-mail address";
  return undefined;
}

/** A directory has the names and addresses of its users; Connect only shows them. */
export const hasOwnIdentity = (identityType: IdentityType): boolean => identityType !== "EXISTING_DIRECTORY";
