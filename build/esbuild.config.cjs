const plugins = require("./esbuild-plugins.cjs");

/** One minified ES module per function. docs/decisions/0004-small-bundles.md says what each plugin is for. */
module.exports = () => ({
  bundle: true,
  minify: true,
  platform: "node",
  target: "node24",
  format: "esm",
  outputFileExtension: ".mjs",
  mainFields: ["module", "main"],
  // The runtime's own SDK is not used: what was tested is what runs.
  exclude: [],
  external: [],
  concurrency: 2,
  plugins,
});
