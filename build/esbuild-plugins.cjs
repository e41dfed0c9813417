const { readFileSync } = require("node:fs");
const { isBuiltin } = require("node:module");
const { dirname } = require("node:path");

/** The only error whose own fields we read; any other comes as the client's base error, with its name and status. */
const errorsRead = new Set(["ConditionalCheckFailedException"]);

/**
 * The SDK's schemas name their members by computed keys of constants (`[_CI]: ...`), which a bundler must keep, used or
 * not, and register every error of the service. With the constants put in and the errors that nobody reads left out, it
 * drops every operation that is not called (aws-sdk-js-v3 #7607).
 */
const leanSchemas = {
  name: "lean-schemas",
  setup(build) {
    build.onLoad(
      { filter: /@aws-sdk[\\/]client-[a-z-]+[\\/]dist-es[\\/]schemas[\\/][^\\/]+\.js$/ },
      ({ path }) => {
        const source = readFileSync(path, "utf8");
        const constants = new Map(
          [...source.matchAll(/^(?:export )?const (_\w*) = ("[^"\n]*");$/gm)].map(([, name, value]) => [
            name,
            value,
          ]),
        );
        const contents = source
          .replace(/^n\d+_registry\.registerError\(\w+\$, (\w+)\);$/gm, (line, error) =>
            errorsRead.has(error) ? line : "",
          )
          .replace(/\[(_\w*)\]:/g, (key, name) => (constants.has(name) ? `${constants.get(name)}:` : key));
        return { contents, loader: "js" };
      },
    );
  },
};

/** Lambda hands its credentials over in the environment; the providers for files, SSO and instances are never asked. */
const environmentCredentialsOnly = {
  name: "environment-credentials-only",
  setup(build) {
    const namespace = "environment-credentials";
    build.onResolve(
      { filter: /^@aws-sdk\/credential-provider-node$/ },
      async ({ path, pluginData, ...where }) => {
        if (pluginData === namespace) return undefined;
        const real = await build.resolve(path, {
          kind: where.kind,
          resolveDir: where.resolveDir,
          pluginData: namespace,
        });
        return { path, namespace, pluginData: dirname(real.path) };
      },
    );
    build.onLoad({ filter: /.*/, namespace }, ({ pluginData }) => ({
      contents: 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
      resolveDir: pluginData,
    }));
  },
};

/** Of its own package.json a client wants the version, for the User-Agent. */
const packageVersionOnly = {
  name: "package-version-only",
  setup(build) {
    build.onLoad({ filter: /@aws-sdk[\\/][a-z-]+[\\/]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, "utf8"));
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
  },
};

/** What the phone-number metadata repeats most, and a character for each that does not occur in it. */
const abbreviations = [
  ["=", "\\\\d"],
  ["<", "(?:"],
  [">", ",0,0,0,"],
  ["@", "-9]"],
  ["^", '}",['],
  ["%", '],["'],
  ["&", "[0-"],
];

/**
 * How numbers are written in each country is not needed to tell whether they exist: that is a third of the metadata. The
 * rest is abbreviated, which is quicker to undo than any compression is to load.
 */
const phoneMetadata = {
  name: "phone-metadata",
  setup(build) {
    build.onLoad({ filter: /libphonenumber-js[\\/]metadata\.max\.json\.js$/ }, ({ path }) => {
      const metadata = JSON.parse(readFileSync(path.replace(/\.js$/, ""), "utf8"));
      const formats = 4;
      for (const plan of [...Object.values(metadata.countries), ...Object.values(metadata.nonGeographic)]) {
        plan[formats] = 0;
      }
      const json = JSON.stringify(metadata);
      if (abbreviations.some(([char]) => json.includes(char)))
        throw new Error("the phone metadata uses an abbreviation");
      const short = abbreviations.reduce((text, [char, long]) => text.replaceAll(long, char), json);
      const contents = `const abbreviations = ${JSON.stringify(abbreviations)};
export default JSON.parse(abbreviations.reduceRight((text, [char, long]) => text.replaceAll(char, long), ${JSON.stringify(short)}));`;
      return { contents, loader: "js" };
    });
  },
};

/** Parts of the SDK that none of our operations reaches, and what they are replaced with. */
const unreached = {
  // No operation of ours streams events; but the client of S3 sets itself up for it.
  "@smithy/core/event-streams": `export const resolveEventStreamSerdeConfig = (config) => config;
export const eventStreamSerdeProvider = undefined;`,
  // Off unless asked for, and only for endpoints of DynamoDB that are not regional.
  "@aws-sdk/middleware-endpoint-discovery": `export const resolveEndpointDiscoveryConfig = (config) => config;
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { default: false };`,
};

/** A hash function in JavaScript, for runtimes without one of their own: Node has one. */
const hashInJavaScript =
  /@smithy[\\/]core[\\/]dist-es[\\/]submodules[\\/]checksum[\\/]sha256[\\/]Sha256Js\.js$/;

const withoutUnreached = {
  name: "without-unreached",
  setup(build) {
    const filter = new RegExp(`^(${Object.keys(unreached).join("|")})$`);
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: "unreached" }));
    build.onLoad({ filter: /.*/, namespace: "unreached" }, ({ path }) => ({ contents: unreached[path] }));
    build.onLoad({ filter: hashInJavaScript }, () => ({ contents: "export class Sha256Js {}" }));
  },
};

/**
 * An ES module that imports a built-in module reads every one of its exports, and some of node:http's load a whole fetch
 * client: forty milliseconds. Asked for in this way, only what is used is read.
 */
const builtinsAsNeeded = {
  name: "builtins-as-needed",
  setup(build) {
    build.onResolve({ filter: /^(node:)?[a-z_]+(\/[a-z]+)?$/ }, ({ path }) =>
      isBuiltin(path) ? { path: path.replace(/^(node:)?/, "node:"), namespace: "builtin" } : undefined,
    );
    // An empty object whose prototype looks things up when they are read, so that neither the module is loaded nor its
    // exports are listed before.
    build.onLoad({ filter: /.*/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = Object.create(
        new Proxy({}, { get: (_, name) => process.getBuiltinModule(${JSON.stringify(path)})[name] }),
      );`,
    }));
  },
};

module.exports = [
  builtinsAsNeeded,
  leanSchemas,
  environmentCredentialsOnly,
  packageVersionOnly,
  phoneMetadata,
  withoutUnreached,
];
