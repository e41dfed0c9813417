const pattern = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

const unitsInMs = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000];

/**
 * An ISO 8601 duration in milliseconds. Years and months have no fixed length and are not taken.
 * @returns undefined for anything else
 */
export function durationInMs(text: string): number | undefined {
  const match = pattern.exec(text);
  if (!match || !/\d/.test(text) || text.endsWith("T")) return undefined;
  return match
    .slice(1)
    .reduce((sum, digits, index) => sum + Number(digits ?? 0) * (unitsInMs[index] ?? 0), 0);
}
