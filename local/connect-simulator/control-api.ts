import type { IncomingMessage, ServerResponse } from "node:http";
import * as v from "valibot";
import { eventSettingsSchema } from "./centre/delivery.ts";
import type { Controls } from "./controls.ts";
import { agentChangeSchema, arrivalSchema } from "./views.ts";
import { faultSchema } from "./wire/faults.ts";
import { readBytes, sendJson, splitTarget } from "./wire/http.ts";
import { WireError } from "./wire/wire-error.ts";

export const controlPrefix = "/_sim/";

const seconds = v.pipe(v.number(), v.gtValue(0), v.maxValue(10 * 366 * 86_400));

export const clockChangeSchema = v.union(
  [
    v.strictObject({ speed: v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000)) }),
    v.strictObject({ advanceSeconds: seconds }),
  ],
  "must be { speed } (0 to 1000000) or { advanceSeconds } (above 0)",
);

export type ClockChange = v.InferOutput<typeof clockChangeSchema>;

type Route = {
  method: "GET" | "POST";
  path: string;
  tells: string;
  answer(body: unknown, controls: Controls): object | Promise<object>;
};

class BadControl extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super("The request cannot be understood.");
    this.problems = problems;
  }
}

function parsed<Schema extends v.GenericSchema>(schema: Schema, body: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  throw new BadControl(result.issues.map((issue) => `${v.getDotPath(issue) ?? "body"}: ${issue.message}`));
}

const routes: readonly Route[] = [
  {
    method: "GET",
    path: "/_sim/contacts",
    tells: "every contact, oldest first",
    answer: (_, controls) => controls.contacts(),
  },
  {
    method: "GET",
    path: "/_sim/requests",
    tells: "every API request, oldest first",
    answer: (_, controls) => controls.requests(),
  },
  {
    method: "GET",
    path: "/_sim/faults",
    tells: "the faults that still wait for a request",
    answer: (_, controls) => controls.pendingFaults(),
  },
  {
    method: "POST",
    path: "/_sim/faults",
    tells: "{ operation, kind: reply-lost | refuse | delay | reset, status?, error?, delayMs?, count? }",
    answer: (body, controls) => {
      controls.faults(parsed(faultSchema, body));
      return controls.pendingFaults();
    },
  },
  {
    method: "POST",
    path: "/_sim/events",
    tells:
      "{ lose, duplicate, shuffle, maxDelayMs, withoutReason, odd, loseRecords, duplicateRecords, seed }",
    answer: (body, controls) => {
      const settings = parsed(eventSettingsSchema, body);
      controls.events(settings);
      return settings;
    },
  },
  {
    method: "GET",
    path: "/_sim/clock",
    tells: "the simulated time and its speed",
    answer: (_, controls) => controls.clockReading(),
  },
  {
    method: "POST",
    path: "/_sim/clock",
    tells: "{ speed } or { advanceSeconds }",
    answer: (body, controls) => controls.clock(parsed(clockChangeSchema, body)),
  },
  {
    method: "GET",
    path: "/_sim/instances",
    tells: "the instances and what belongs to them, by name and id",
    answer: (_, controls) => controls.instances(),
  },
  {
    method: "GET",
    path: "/_sim/agents",
    tells: "every agent who has ever signed in",
    answer: (_, controls) => controls.agents(),
  },
  {
    method: "POST",
    path: "/_sim/agents",
    tells: "{ username, status, instanceId? }: sets an agent's status, or signs a user in",
    answer: (body, controls) => controls.agent(parsed(agentChangeSchema, body)),
  },
  {
    method: "POST",
    path: "/_sim/arrivals",
    tells: "{ queue?, channel?, direction?, customer?, attributes?, instanceId? }: lets a contact arrive",
    answer: (body, controls) => ({ contactId: controls.arrive(parsed(arrivalSchema, body)) }),
  },
  {
    method: "GET",
    path: "/_sim/books",
    tells: "what the historical metrics are made of",
    answer: (_, controls) => controls.books(),
  },
  {
    method: "POST",
    path: "/_sim/reset",
    tells: "everything as it was configured, without contacts, requests, faults or used quotas",
    answer: (_, controls) => {
      controls.reset();
      return {};
    },
  },
];

const listing = {
  routes: routes.map(({ method, path, tells }) => `${method} ${path}: ${tells}`),
};

function jsonOf(body: string): unknown {
  if (body === "") return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new BadControl(["body: is not JSON"]);
  }
}

export function controlApi(controls: Controls) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { path } = splitTarget(request.url ?? "");
    if (path === controlPrefix) return sendJson(response, 200, listing);
    const there = routes.filter((route) => route.path === path);
    const route = there.find(({ method }) => method === request.method);
    if (route === undefined) {
      const error = there.length > 0 ? `${path} does not take ${request.method}` : `there is no ${path}`;
      return sendJson(response, there.length > 0 ? 405 : 404, { error, ...listing });
    }
    try {
      const body = route.method === "POST" ? jsonOf((await readBytes(request)).toString()) : undefined;
      sendJson(response, 200, await route.answer(body, controls));
    } catch (error) {
      if (error instanceof BadControl) {
        sendJson(response, 400, { error: error.message, problems: error.problems });
      } else if (error instanceof WireError) sendJson(response, error.status, { error: error.message });
      else throw error;
    }
  };
}
