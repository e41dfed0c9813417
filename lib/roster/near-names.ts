/** How many letters two names may differ in to be taken for one another. */
const nearest = 3;
const mostNames = 3;

/** @returns the names that may have been meant, the nearest first; without any, those that come first */
export function nearNames(wanted: string, names: string[]): string[] {
  const distances = names
    .map((name) => ({ name, distance: distanceOf(wanted.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance);
  const near = distances.filter(({ distance }) => distance <= nearest);
  return (near.length > 0 ? near : distances).slice(0, mostNames).map(({ name }) => name);
}

/** Levenshtein's: how many letters have to be put in, left out or exchanged. */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [line, letter] of [...one].entries()) {
    let before = line + 1;
    row = row.map((above, column) => {
      if (column === 0) return before;
      const exchanged = (row[column - 1] ?? 0) + (letter === other[column - 1] ? 0 : 1);
      before = Math.min(exchanged, above + 1, before + 1);
      return before;
    });
  }
  return row.at(-1) ?? 0;
}
