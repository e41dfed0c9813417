import type { BuildOptions } from "esbuild";

/** The settings of build/esbuild.config.cjs without its plugins, which are ours. */
export const recipeBundle = {
  bundle: true,
  minify: true,
  platform: "node",
  target: "node24",
  format: "esm",
  mainFields: ["module", "main"],
  // The X-Ray SDK and the limiter are CommonJS and call require: the usual remedy.
  banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
} as const satisfies BuildOptions;
