import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { BenchRun } from "../bench-run.ts";
import type { Pair, Subject } from "../subjects.ts";

export interface BundleSize {
  bytes: number;
  gzipped: number;
}

export async function measureBundles({ subjects, say }: BenchRun): Promise<Pair<BundleSize>> {
  say("Bundle size");
  return { ours: await sizeOf(subjects.ours), recipe: await sizeOf(subjects.recipe) };
}

async function sizeOf({ bundle }: Subject): Promise<BundleSize> {
  const content = await readFile(bundle);
  return { bytes: content.length, gzipped: gzipSync(content, { level: 9 }).length };
}
