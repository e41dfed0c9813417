import { type Draw, drawFrom } from "../../local/connect-simulator/centre/random.ts";

export type { Draw };

/** Streams of the same seed that know nothing of each other: more of one thing changes nothing of another. */
export function drawsOf(seed: number): (stream: string) => Draw {
  return (stream) => drawFrom(seed, ...Buffer.from(stream));
}

export const whole = (draw: Draw, least: number, most: number): number =>
  least + Math.floor(draw.fraction() * (most - least + 1));

export const between = (draw: Draw, least: number, most: number): number =>
  least + draw.fraction() * (most - least);
