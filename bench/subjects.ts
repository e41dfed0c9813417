import { join } from "node:path";
import { build } from "esbuild";
import type { Template } from "../local/stack/cloudformation.ts";
import { packageService } from "./packaged.ts";
import { recipeBundle } from "./recipe/bundle.ts";

export interface Subject {
  name: "ours" | "recipe";
  /** One minified ES module, as it would be deployed. */
  bundle: string;
}

export interface Pair<T> {
  ours: T;
  recipe: T;
}

/** @param directory takes the bundles; nothing in the repository is touched but serverless-esbuild's own work folder */
export async function prepareSubjects(
  directory: string,
): Promise<{ template: Template; subjects: Pair<Subject> }> {
  const { template, bundle } = await packageService(join(directory, "package"));
  const recipe = join(directory, "recipe", "handler.mjs");
  await bundleRecipe(recipe);
  return {
    template,
    subjects: { ours: { name: "ours", bundle }, recipe: { name: "recipe", bundle: recipe } },
  };
}

async function bundleRecipe(outfile: string): Promise<void> {
  const entryPoints = [new URL("./recipe/handler.ts", import.meta.url).pathname];
  await build({ ...recipeBundle, entryPoints, outfile });
}

/** Runs one after the other, in turns, so that neither always has the warmer or the quieter machine. */
export async function inTurns(
  subjects: Pair<Subject>,
  round: number,
  run: (subject: Subject) => Promise<void>,
) {
  const order = round % 2 === 0 ? [subjects.ours, subjects.recipe] : [subjects.recipe, subjects.ours];
  for (const subject of order) await run(subject);
}
