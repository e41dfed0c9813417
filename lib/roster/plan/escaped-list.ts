/** Several texts as one, with a separator between them. A backslash takes its meaning from whatever follows it. */

export const joined = (parts: string[], separator: string): string =>
  parts.map((part) => escaped(part, separator)).join(separator);

/** @param separator any one character but a backslash and a space. Spaces around it mean nothing */
export function split(text: string, separator: string): string[] {
  if (/^ *$/.test(text)) return [];
  const parts = [""];
  // How much of the last part is not spaces at its end.
  let solid = 0;
  const add = (letter: string, counts: boolean) => {
    const part = `${parts.pop() ?? ""}${letter}`;
    parts.push(part);
    if (counts) solid = part.length;
  };
  const finish = () => void parts.push((parts.pop() ?? "").slice(0, solid));
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (letter === separator) {
      finish();
      parts.push("");
      solid = 0;
    } else if (letter === "\\" && at + 1 < text.length) {
      at += 1;
      add(text.charAt(at), true);
    } else if (letter !== " ") add(letter, true);
    else if (parts.at(-1) !== "") add(letter, false);
  }
  finish();
  return parts;
}

function escaped(part: string, separator: string): string {
  const letters = [...part];
  const isMeant = (letter: string, at: number) =>
    letter === "\\" || letter === separator || (letter === " " && (at === 0 || at === letters.length - 1));
  return letters.map((letter, at) => (isMeant(letter, at) ? `\\${letter}` : letter)).join("");
}
