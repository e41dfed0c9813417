export function portions<Entry>(entries: readonly Entry[], size: number): Entry[][] {
  const all: Entry[][] = [];
  for (let from = 0; from < entries.length; from += size) all.push(entries.slice(from, from + size));
  return all;
}

/**
 * At most `width` at the same time, begun in order. After one that throws none is begun, and nothing is under way any more when
 * its error is thrown: a frozen function would otherwise go on with it whenever it thaws.
 */
export async function inParallel<Entry>(
  entries: readonly Entry[],
  width: number,
  work: (entry: Entry) => Promise<void>,
): Promise<void> {
  const left = [...entries];
  const errors: unknown[] = [];
  const worker = async () => {
    for (let entry = left.shift(); entry !== undefined && errors.length === 0; entry = left.shift()) {
      await work(entry).catch((error) => errors.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, left.length) }, worker));
  if (errors.length > 0) throw errors[0];
}
