import type { Random } from "./random.ts";

/** Texts that have broken other servers. */
const nastyTexts: readonly string[] = [
  "\u0000",
  "\ud800",
  "\udfff\ud800",
  "\ufeff",
  "\u202e\u0007\u001b[2J",
  "__proto__",
  "constructor",
  "\u0024{jndi:ldap://x}",
  "'; DROP TABLE users; --",
  "../../../../etc/passwd",
  "%s%n%x",
  "💩".repeat(50),
  "e\u0301".repeat(100),
  "\r\nx-amzn-errortype: None",
];

/** As JSON, in bytes; most values of real attacks are far smaller. */
const hugeBytes = 200_000;

export function nastyText(random: Random): string {
  const text = random.pick(nastyTexts);
  if (random.chance(0.03)) return hugeText(random);
  return random.chance(0.5) ? text : `${text}${random.below(1e9)}`;
}

export function hugeText(random: Random): string {
  const text = random.pick(nastyTexts);
  return text.repeat(1 + Math.floor(random.below(hugeBytes) / JSON.stringify(text).length));
}

/** JSON, but neither a text nor a number nor a boolean: wrong wherever such a value belongs. */
export function wrongStructure(random: Random): string {
  const depth = random.chance(0.1) ? 1 + random.below(50_000) : 1 + random.below(50);
  const inner = random.chance(0.5) ? JSON.stringify(nastyText(random)) : "1e400";
  return random.pick([
    () => "[".repeat(depth) + "]".repeat(depth),
    () => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`,
    () => `{"__proto__":${inner}}`,
    () => `{"constructor":{"prototype":${inner}}}`,
    () => `{"toString":${inner},"valueOf":${inner},"length":${inner},"toJSON":${inner}}`,
    () => `[${inner},null,${inner}]`,
    () => `{"":${inner}}`,
  ])();
}

/** Numbers as JSON may write them: wrong wherever a text, a list, a map or a structure belongs. */
export const strangeNumbers: readonly string[] = [
  "1e400",
  "-1e400",
  "-0",
  "0",
  "1e-400",
  "9007199254740993",
  "-9223372036854775809",
  "1.5",
  "123456789".repeat(100),
];

/** What a number may not be: not JSON, or not finite. */
export const noNumbers: readonly string[] = [
  "1e400",
  "-1e400",
  "NaN",
  "Infinity",
  "-Infinity",
  "0x10",
  "01",
  "+1",
  "1.",
  ".5",
  "1_000",
  "1e",
  '"NaN"',
  '"1e400"',
  "undefined",
];
