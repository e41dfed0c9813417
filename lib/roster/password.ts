/** How many random bytes a password takes. */
export const passwordBytes = 24;

/** Connect wants a lower-case letter, an upper-case letter and a digit, which chance does not promise. */
export const passwordOf = (random: Uint8Array): string => `Aa1${Buffer.from(random).toString("base64url")}`;
