import type { Check } from "./observed.ts";

/** What nobody can read is in its dead-letter queue, and nothing else is. */
export const onlyPoison: Check = ({ sent, deadLetters }) => {
  const keyOf = ({ queue, body }: { queue: string; body: string }) => `${queue}: ${body}`;
  const poison = new Set(sent.poison.map(keyOf));
  const found = new Set(deadLetters.map(keyOf));
  return [
    ...[...found].filter((letter) => !poison.has(letter)).map((letter) => `a good message of ${letter}`),
    ...[...poison].filter((letter) => !found.has(letter)).map((letter) => `poison is gone from ${letter}`),
  ];
};
