export function portions<Entry>(entries: readonly Entry[], size: number): Entry[][] {
  const all: Entry[][] = [];
  for (let from = 0; from < entries.length; from += size) all.push(entries.slice(from, from + size));
  return all;
}

/** At most `width` at the same time, begun in order. One that throws ends all. */
export async function inParallel<Entry>(
  entries: readonly Entry[],
  width: number,
  work: (entry: Entry) => Promise<void>,
): Promise<void> {
  const left = [...entries];
  const worker = async () => {
    for (let entry = left.shift(); entry !== undefined; entry = left.shift()) await work(entry);
  };
  await Promise.all(Array.from({ length: Math.min(width, left.length) }, worker));
}
