/** Either for people or for machines; what is meant for machines is always one JSON document on stdout. */
export function print(json: boolean | undefined, value: unknown, lines: string[]): void {
  process.stdout.write(`${json ? JSON.stringify(value, undefined, 2) : lines.map(harmless).join("\n")}\n`);
}

/** Beside the output, so that it disturbs no program that reads it. */
export function note(text: string): void {
  process.stderr.write(`${harmless(text)}\n`);
}

/** One line on a terminal that is written over; nothing elsewhere. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${harmless(text)}`);
}

/** Rows with their columns below each other. */
export function aligned(rows: string[][]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Some of it was written by producers, and a terminal obeys control characters. */
function harmless(text: string): string {
  return text.replace(/\p{Cc}/gu, "\u00b7");
}
