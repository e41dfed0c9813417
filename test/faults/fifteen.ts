import { held, killedThere, losing } from "./moments.ts";
import { day, hour, oneCall, pass, type Scenario, visibility } from "./scenario.ts";

/** What is known to happen to a function that runs once and then records that it did. */
export const fifteen: Scenario[] = [
  {
    id: "1",
    fault: "the claim is written, and DynamoDB's answer is lost",
    happen: async (stage) => {
      losing(stage, "claim");
      await stage.side.send(stage.request());
      await stage.side.deliver();
    },
  },
  {
    id: "2",
    fault: "the worker is killed after the call, before its record",
    happen: async (stage) => {
      const record = held(stage, "record", "request");
      await stage.side.send(stage.request());
      await killedThere(stage, record);
    },
  },
  {
    id: "3",
    fault: "Connect places the call, and its answers are lost, to the SDK's repetitions as well",
    happen: async ({ side, request, connect }) => {
      connect.faults({ operation: "StartOutboundVoiceContact", kind: "reply-lost", count: 3 });
      await side.send(request());
      await side.deliver();
    },
  },
  {
    id: "4",
    fault: "the record is written, and DynamoDB's answer is lost",
    happen: async (stage) => {
      losing(stage, "record");
      await stage.side.send(stage.request());
      await stage.side.deliver();
    },
  },
  {
    id: "5",
    fault:
      "a worker outlives its lease, fails after another one has taken over, and the message comes once more",
    recipe: "notesTheContact",
    mayHandBack: 1,
    happen: async (stage) => {
      const { side, request } = stage;
      const record = held(stage, "record", "request");
      const stale = side.invoke(request());
      const late = await record;
      await pass(stage, visibility);
      await side.invoke(request());
      late.refuse();
      await stale;
      await pass(stage, visibility);
      await side.invoke(request());
    },
  },
  {
    id: "6",
    fault: "two duplicates come, one after the other, before the call is on record",
    recipe: "asMiddleware",
    avoidable: "`makeIdempotent` in place of the middleware",
    happen: async (stage) => {
      const { lab, side, request } = stage;
      const record = held(stage, "record", "request");
      const first = side.invoke(request());
      const late = await record;
      await lab.advance(10);
      await side.invoke(request());
      await side.invoke(request());
      late.letGo();
      await first;
    },
  },
  {
    id: "7",
    fault: "the function changes the request it was given, and a duplicate comes later",
    recipe: "tidiesItsInput",
    avoidable: "leaving the input alone",
    happen: async (stage) => {
      await stage.side.invoke(stage.request());
      await pass(stage, visibility);
      await stage.side.invoke(stage.request());
    },
  },
  {
    id: "8",
    fault: "two things are done once each for a request, at the same time, and a duplicate comes later",
    recipe: "twoPrefixes",
    avoidable: "a store for each prefix",
    happen: async (stage) => {
      await stage.side.invoke(stage.request());
      await pass(stage, visibility);
      await stage.side.invoke(stage.request());
    },
  },
  {
    id: "9",
    fault: "the message comes again after 13 days, from a dead-letter queue",
    recipe: "withDefaults",
    avoidable: "`expiresAfterSeconds` of more than an hour",
    happen: async (stage) => {
      await stage.side.invoke(stage.request());
      await pass(stage, 13 * day);
      await stage.side.invoke(stage.request());
    },
  },
  {
    id: "10",
    fault: "a second order comes under the key of the first",
    avoidable: "`payloadValidationJmesPath`, and an error in the dead-letter queue",
    isRight: (outcome) => oneCall(outcome) && outcome.told.includes("conflict"),
    happen: async (stage) => {
      await stage.side.invoke(stage.request());
      await pass(stage, hour / 2);
      await stage.side.invoke(stage.request({ destination: "+12065550151" }));
    },
  },
  {
    id: "11",
    fault: "a duplicate is in the same batch",
    happen: async ({ side, request, connect }) => {
      // As long as a real one takes.
      connect.faults({ operation: "StartOutboundVoiceContact", kind: "delay", delayMs: 300, count: 1 });
      await side.send(request());
      await side.send(request());
      await side.deliver();
    },
  },
  {
    id: "12",
    fault: "the worker is killed between claim and call; the producer wants it tried again",
    recipe: "withoutContext",
    avoidable: "`registerLambdaContext`",
    happen: async (stage) => {
      const claim = held(stage, "claim", "reply");
      await stage.side.send(stage.request(stage.side.name === "ours" ? { onUnknown: "redial" } : {}));
      await killedThere(stage, claim);
    },
  },
  {
    id: "13",
    fault: "the request has no id",
    recipe: "withDefaults",
    avoidable: "`throwOnNoIdempotencyKey`",
    isRight: ({ calls, deadLettered }) => calls === 0 && deadLettered > 0,
    happen: async (stage) => {
      const { requestId: _, ...anonymous } = stage.request();
      await stage.side.send(anonymous);
      await stage.side.deliver();
      await pass(stage, visibility);
      await stage.side.send(anonymous);
    },
  },
  {
    id: "14",
    fault: "a duplicate has its fields in another order, two of which differ in case alone",
    recipe: "keyedByAll",
    avoidable: "a key in place of the whole request",
    happen: async (stage) => {
      const { attributes, ...rest } = stage.request();
      await stage.side.invoke({ ...rest, attributes: { ...Object(attributes), ref: "1", REF: "2" } });
      await pass(stage, visibility);
      await stage.side.invoke({ attributes: { REF: "2", ref: "1", ...Object(attributes) }, ...rest });
    },
  },
  {
    id: "15",
    fault: "DynamoDB takes the claim and never answers",
    avoidable: "`requestTimeout` with `throwOnRequestTimeout`",
    recipe: "unpaced",
    timeoutSeconds: 4,
    happen: async (stage) => {
      void held(stage, "claim", "request");
      await stage.side.send(stage.request());
      await stage.side.deliver();
    },
  },
];
