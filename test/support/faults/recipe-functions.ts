import { join } from "node:path";
import { build } from "esbuild";
import { recipeBundle } from "../../../bench/recipe/bundle.ts";
import { idempotencyTable, limiterTable, recipeTables } from "../../../bench/recipe/tables.ts";
import { createTable } from "../../../local/stack/emulators.ts";
import { LambdaFunction } from "../../../local/stack/lambda-function.ts";
import type * as variants from "../../faults/recipe/handlers.ts";
import type { Lab } from "./lab.ts";

/** The bench's own recipe, or one that is written another way. */
export type Variant = "careful" | keyof typeof variants;

export interface RecipeFunctions {
  of(variant: Variant, options: { timeoutSeconds: number; connect: keyof Lab["connect"] }): LambdaFunction;
  /** Ends those that are for one fault alone. */
  endVariants(): Promise<void>;
  end(): Promise<void>;
}

export const callsTable = "faults-calls";
const [likeTheirs] = recipeTables;
const calls = {
  logicalId: callsTable,
  type: "AWS::DynamoDB::Table",
  properties: { ...likeTheirs?.properties, TableName: callsTable },
};

/** Bundles the recipe as it would be deployed, and makes its tables. */
export async function recipeFunctions(lab: Lab): Promise<RecipeFunctions> {
  for (const table of [...recipeTables, calls]) await createTable(lab.stack.clients.dynamoDb, table);
  await build({
    ...recipeBundle,
    entryPoints: {
      careful: new URL("../../../bench/recipe/handler.ts", import.meta.url).pathname,
      variants: new URL("../../faults/recipe/handlers.ts", import.meta.url).pathname,
    },
    outdir: lab.dir,
    outExtension: { ".js": ".mjs" },
  });
  const functions = new Map<string, LambdaFunction>();

  const start = (variant: Variant, timeoutSeconds: number, connect: keyof Lab["connect"]) =>
    new LambdaFunction({
      name: `recipe-${variant}`,
      root: lab.dir,
      file: join(lab.dir, variant === "careful" ? "careful.mjs" : "variants.mjs"),
      exported: variant === "careful" ? "handler" : variant,
      timeoutSeconds,
      memorySize: 512,
      logFile: join(lab.dir, "logs", "recipe.log"),
      environment: {
        ...lab.stack.env,
        ...lab.clock.environment,
        AWS_ENDPOINT_URL_DYNAMODB: lab.database.url,
        AWS_ENDPOINT_URL_CONNECT: lab.connect[connect].url,
        CONNECT_RATE_PER_SECOND: "400",
        CONNECT_BURST: "100",
        IDEMPOTENCY_TABLE: idempotencyTable,
        LIMITER_TABLE: limiterTable,
        CALLS_TABLE: callsTable,
        POWERTOOLS_SERVICE_NAME: "recipe",
        POWERTOOLS_METRICS_NAMESPACE: "recipe",
        POWERTOOLS_TRACE_ENABLED: "false",
      },
    });
  const stop = async (isWanted: (name: string) => boolean) => {
    const wanted = [...functions].filter(([name]) => isWanted(name));
    for (const [name] of wanted) functions.delete(name);
    await Promise.all(wanted.map(([, one]) => one.stop()));
  };

  return {
    of: (variant, { timeoutSeconds, connect }) => {
      const name = `${variant} ${timeoutSeconds} ${connect}`;
      const found = functions.get(name) ?? start(variant, timeoutSeconds, connect);
      functions.set(name, found);
      return found;
    },
    endVariants: () => stop((name) => !name.startsWith("careful 30")),
    end: () => stop(() => true),
  };
}
