import * as sdk from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import { operations } from "../../../../local/connect-simulator/operations/index.ts";
import {
  type OperationName,
  operationNames,
} from "../../../../local/connect-simulator/wire/operation-names.ts";
import { aCentre, type Centre } from "../support.ts";
import {
  askForFault,
  asTheSdkShows,
  lastRequest,
  type RecordingClient,
  recordingClient,
  refusalBy,
} from "./exchange.ts";
import { modelledErrors, modelledOperations, operationOf } from "./model.ts";
import {
  cellsOf,
  howToRefresh,
  type Result,
  tableInReadme,
  tableOf,
  writeToReadme,
} from "./operations-table.ts";
import {
  crowded,
  largestPageOf,
  listingOf,
  makeBusy,
  pagedOperations,
  paginatorOf,
  rowsOf,
} from "./pages.ts";
import { membersIn, neverGiven, replyMembers, uppermost } from "./reply-members.ts";
import type { Input } from "./sample.ts";
import { type Refusal, refusalsOf, type Scenarios, type Scene, throttled } from "./scenario.ts";
import { contactScenarios } from "./scenarios-contacts.ts";
import { federationScenarios } from "./scenarios-federation.ts";
import { hierarchyScenarios } from "./scenarios-hierarchy.ts";
import { listScenarios } from "./scenarios-lists.ts";
import { metricScenarios } from "./scenarios-metrics.ts";
import { userUpdateScenarios } from "./scenarios-user-updates.ts";
import { userScenarios } from "./scenarios-users.ts";
import { problemsOf } from "./shape-check.ts";

const scenarios: Readonly<Record<OperationName, Scenarios>> = {
  ...contactScenarios,
  ...userScenarios,
  ...userUpdateScenarios,
  ...hierarchyScenarios,
  ...listScenarios,
  ...metricScenarios,
  ...federationScenarios,
};

const results = new Map<OperationName, Result>(
  operationNames.map((name) => [name, { replies: 0, members: new Set(), errors: new Map() }]),
);
const resultOf = (operation: OperationName): Result => {
  const result = results.get(operation);
  if (result === undefined) throw new Error(`there is no ${operation}`);
  return result;
};

const passed = new Set<Refusal>();

type Staged = { centre: Centre; client: RecordingClient; input: Input };

/** A running simulator that checks signatures, who asks it, and what for. */
async function staged(scene: Scene): Promise<Staged> {
  const centre = await aCentre({ auth: true, ...scene.options });
  const { url } = centre.simulator;
  const client = recordingClient({ url, key: await scene.as?.(centre), spoil: scene.spoil });
  const input = typeof scene.input === "function" ? await scene.input(centre) : scene.input;
  return { centre, client, input };
}

it("the simulator has the operations that the model has, at the same places", () => {
  const places = operations.map(({ name, method, path }) => ({ name, method, path }));
  expect(places.map(({ name }) => name)).toEqual(operationNames);
  expect([...operationNames].sort()).toEqual([...modelledOperations].sort());
  expect(places).toEqual(
    operationNames.map((name) => ({ name, method: operationOf(name).method, path: operationOf(name).uri })),
  );
  expect(operations).toHaveLength(32);
});

for (const operation of operationNames) {
  const refusals = refusalsOf(operation, scenarios[operation]);
  describe(operation, () => {
    it.each(Object.entries(scenarios[operation].replies))("answers: %s", async (_, scene) => {
      const { centre, client, input } = await staged(scene);
      const reply = await client.send(operation, input);
      expect(await lastRequest(centre.simulator.url)).toMatchObject({ operation, status: 200 });
      expect(problemsOf(operation, reply.body)).toEqual([]);
      expect(reply.output).toEqual(asTheSdkShows(reply.body, operationOf(operation).output));
      await scene.holds?.(reply, centre);
      expect(centre.warnings).toEqual([]);

      const result = resultOf(operation);
      result.replies += 1;
      for (const member of membersIn(operation, reply.body)) result.members.add(member);
    });

    const titled = refusals.map((one) => [one.error, one.by, one.what, one] as const);
    it.each(titled)("refuses with %s, by %s: %s", async (_error, _by, _what, refusal) => {
      const { error, status, by, scene } = refusal;
      const { centre, client, input } = await staged(refusal.throttled ? throttled(operation, scene) : scene);
      const { url } = centre.simulator;
      if (refusal.throttled) await client.send(operation, input);
      if (by === "fault") await askForFault(url, operation, { error, status });

      const exception = await refusalBy(client.send(operation, input));
      expect(exception.name).toBe(error);
      expect(exception).toBeInstanceOf(Reflect.get(sdk, error));
      expect(exception.$metadata.httpStatusCode).toBe(status);
      expect(exception.message).toMatch(/\w/);
      const request = await lastRequest(url);
      expect(request).toMatchObject({ operation, status, error });
      expect(request.fault).toBe(by === "fault" ? "refuse" : undefined);
      expect(centre.warnings).toEqual([]);

      passed.add(refusal);
      const all = refusals.filter((one) => one.error === error);
      if (all.every((one) => passed.has(one))) resultOf(operation).errors.set(error, by);
    });
  });
}

describe("pages", () => {
  it.each(pagedOperations)("%s", async (operation) => {
    const centre = await aCentre({ auth: true, ...crowded });
    if (operation.includes("MetricData")) await makeBusy(centre);
    const client = recordingClient({ url: centre.simulator.url });
    const { input, total } = listingOf(operation);
    const largest = largestPageOf(operation);

    // The paginator writes into what it is given.
    const walked: unknown[] = [];
    const pageSize = Math.ceil(total / 15);
    for await (const page of paginatorOf(operation)({ client: client.sdk, pageSize }, { ...input })) {
      expect(problemsOf(operation, client.lastBody())).toEqual([]);
      const rows = rowsOf(operation, page);
      expect(rows).toHaveLength(Math.min(pageSize, total - walked.length));
      walked.push(...rows);
    }
    expect(new Set(walked.map((row) => JSON.stringify(row))).size).toBe(total);

    const ask = async (members: Input) => (await client.send(operation, { ...input, ...members })).output;
    const usual = rowsOf(operation, await ask({}));
    expect(usual).toEqual(walked.slice(0, Math.min(100, largest)));
    const full = await ask({ MaxResults: largest });
    expect(rowsOf(operation, full)).toEqual(walked.slice(0, largest));
    const rest = await ask({ MaxResults: largest, NextToken: full["NextToken"] });
    expect(rowsOf(operation, rest)).toEqual(walked.slice(largest, 2 * largest));

    const badInput = modelledErrors(operation).has("InvalidParameterException")
      ? "InvalidParameterException"
      : "InvalidRequestException";
    const tooMany = await refusalBy(ask({ MaxResults: largest + 1 }));
    expect(tooMany).toMatchObject({ name: badInput, message: expect.stringContaining("MaxResults") });

    const other = operation === "ListUsers" ? "ListQueues" : "ListUsers";
    const { output } = await client.send(other, { ...listingOf(other).input, MaxResults: 1 });
    const { NextToken } = output;
    expect(NextToken).toBeTypeOf("string");
    expect(await refusalBy(ask({ NextToken }))).toMatchObject({
      name: badInput,
      message: expect.stringContaining("NextToken"),
    });
    resultOf(operation).pages = { usual: usual.length, largest };
  });
});

it("every member that the model has for a reply is in one, but for those that the simulator never gives", () => {
  const absent = operationNames.map((operation) => {
    const { members } = resultOf(operation);
    return [operation, uppermost([...replyMembers(operation)].filter((one) => !members.has(one)))] as const;
  });
  const some = absent.filter(([, members]) => members.length > 0);
  expect(Object.fromEntries(some)).toEqual(neverGiven);
});

describe("the table in the README", () => {
  it("has no empty cell", () => {
    const rows = operationNames.map((operation) => cellsOf(operation, resultOf(operation)));
    expect(rows.filter((cells) => cells.includes("")).map(([operation]) => operation)).toEqual([]);
  });

  it("is what this run has shown", () => {
    const missing = operationNames.filter((operation) => {
      const { replies, errors, pages } = resultOf(operation);
      const answered = replies === Object.keys(scenarios[operation].replies).length;
      const refused = errors.size === modelledErrors(operation).size;
      const paged = (pages !== undefined) === pagedOperations.includes(operation);
      return !(answered && refused && paged);
    });
    expect(missing, "Not everything has passed in this run.").toEqual([]);
    const table = tableOf(results);
    if (process.env["UPDATE_TABLE"] === "1") writeToReadme(table);
    expect(tableInReadme(), howToRefresh).toBe(table);
  });
});
