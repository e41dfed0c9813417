/** Who may import whom. `npm run imports` checks it, and that it has seen modules at all. */
const suffixed = "\\.(dynamodb|sqs|sns|connect|s3|https)\\.ts$";

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles-at-run-time",
      comment: "Types may refer to each other; code may not.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "functions-wire-lib",
      comment: "A function imports lib/ and nothing else of ours.",
      severity: "error",
      from: { path: "^functions/([^/]+)/" },
      to: { path: "^(functions|local|cli|simulation|test|bench|chaos)/", pathNot: "^functions/$1/" },
    },
    {
      name: "lib-stands-alone",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: "^(functions|local|cli|simulation|test|bench|chaos)/" },
    },
    {
      name: "the-simulation-runs-the-stories",
      comment: "It needs no more of ours than lib/, and nothing of it but tests does.",
      severity: "error",
      from: { path: "^simulation/" },
      to: { path: ["^(functions|local|cli|client|chaos)/", "^lib/edge/", suffixed] },
    },
    {
      name: "the-client-knows-the-intake",
      comment:
        "It is installed by itself: of ours it holds what checks and sends messages, and it makes its own client.",
      severity: "error",
      from: { path: "^client/" },
      to: {
        path: ["^(?!client/|lib/(intake|contacts)/|lib/roster/user-command|node_modules/)", suffixed],
        pathNot: "^lib/intake/intake\\.sqs\\.ts$",
        dependencyTypesNot: ["core"],
      },
    },
    {
      name: "rules-touch-nothing",
      comment: "A plain file holds types and rules: no SDK, and no file that touches the outside.",
      severity: "error",
      from: { path: "^lib/(?!edge/)", pathNot: suffixed },
      to: {
        path: [suffixed, "^lib/edge/", "node_modules/(@aws-sdk|@smithy|@aws-lambda-powertools|@middy)/"],
      },
    },
    {
      name: "adapters-know-their-own-stage",
      severity: "error",
      from: { path: `^lib/([^/]+)/.+${suffixed}` },
      to: { path: `^lib/(?!$1/)[^/]+/.+${suffixed}` },
    },
    {
      name: "adapters-do-not-read-the-environment",
      comment: "Settings, clients and the log are made at the edge and handed in.",
      severity: "error",
      from: { path: `^lib/[^/]+/.+${suffixed}` },
      to: { path: "^lib/edge/" },
    },
    {
      name: "the-simulator-shares-nothing",
      comment: "It must not share our mistakes.",
      severity: "error",
      from: { path: "^local/connect-simulator/" },
      to: { path: "^(lib|functions|cli|bench|chaos|simulation|test|local/stack)/" },
    },
    {
      name: "the-simulator-speaks-no-sdk",
      comment:
        "Types aside; only what hands its events to SQS, and the command line, use a package of the kind.",
      severity: "error",
      from: { path: "^local/connect-simulator/", pathNot: "\\.sqs\\.ts$" },
      to: { path: "node_modules/@aws-sdk/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nobody-imports-tests",
      severity: "error",
      from: { pathNot: "^(test|bench)/" },
      to: { path: "^(test|bench)/" },
    },
    {
      name: "everything-resolves",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^vitest" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
