/** Simulated seconds, drawn evenly between the two numbers. */
export type SecondsRange = readonly [least: number, most: number];

export type Draw = {
  /** Evenly from 0 up to, not including, 1. */
  fraction(): number;
  /** True so often out of 1. */
  chance(of: number): boolean;
  /** Whole milliseconds of a range given in seconds. */
  milliseconds(range: SecondsRange): number;
  oneOf<T>(choices: readonly [T, ...T[]]): T;
};

/** The same numbers give the same draws, on every machine (mulberry32). */
export function drawFrom(...numbers: number[]): Draw {
  let state = 0x9e3779b9;
  for (const number of numbers) {
    state = Math.imul(state ^ (number >>> 0), 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35) ^ Math.floor(number / 2 ** 32);
  }
  function fraction(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    fraction,
    chance: (of) => fraction() < of,
    milliseconds: ([least, most]) => Math.round((least + fraction() * (most - least)) * 1000),
    oneOf: (choices) => choices[Math.floor(fraction() * choices.length)] ?? choices[0],
  };
}
