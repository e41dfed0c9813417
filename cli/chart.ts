/** One value of a series: null is unknown, undefined is not there at all. */
export type Point = number | null | undefined;

const eighths = " ▁▂▃▄▅▆▇█";
const height = 6;

/**
 * Columns of block characters from 0 up to the highest value, with a scale at their left. What is unknown is a dot, what is not
 * there is blank. Where there are more points than columns, or than fit beside the scale, each column shows the highest of several.
 */
export function chartOf(
  points: readonly Point[],
  mostColumns: number,
  terminalWidth = Number.POSITIVE_INFINITY,
): string[] {
  const top = Math.max(0, highest(points) ?? 0);
  const labels = [top === 0 ? "" : shortly(top), ...Array(height - 2).fill(""), "0"];
  const width = Math.max(...labels.map(({ length }) => length));
  const room = Math.max(1, Math.min(mostColumns, terminalWidth - width - " ┤".length));
  const perColumn = Math.max(1, Math.ceil(points.length / room));
  const columns = Array.from({ length: Math.ceil(points.length / perColumn) }, (_, column) =>
    highest(points.slice(column * perColumn, (column + 1) * perColumn)),
  );
  return labels.map((label, line) => {
    const below = height - 1 - line;
    const cells = columns.map((value) => cellOf(value, top, below));
    return `${label.padStart(width)} ┤${cells.join("")}`.trimEnd();
  });
}

function highest(points: readonly Point[]): Point {
  const known = points.filter((point) => typeof point === "number");
  if (known.length > 0) return known.reduce((one, other) => Math.max(one, other));
  return points.includes(null) ? null : undefined;
}

/** @param below how many lines are below this one */
function cellOf(value: Point, top: number, below: number): string {
  if (value === null) return below === 0 ? "·" : " ";
  if (value === undefined) return " ";
  const filled = top === 0 ? 0 : Math.round((value / top) * height * 8);
  // A value of 0 is there, and so has its mark.
  const visible = Math.max(filled - below * 8, below === 0 ? 1 : 0);
  return eighths[Math.min(visible, 8)] ?? " ";
}

/** As many digits as somebody reads. */
export const shortly = (value: number): string => String(Math.round(value * 10) / 10);
