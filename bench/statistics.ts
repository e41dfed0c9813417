/** @param share 0.5 for the median, 0.9 for p90 */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const [below, above] = [
    sorted[Math.floor(position)] ?? Number.NaN,
    sorted[Math.ceil(position)] ?? Number.NaN,
  ];
  return below + (above - below) * (position - Math.floor(position));
}

export const median = (values: number[]): number => quantile(values, 0.5);

export const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
