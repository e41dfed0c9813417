import { held, killedThere } from "./moments.ts";
import { oneCallOrParked, pass, type Scenario, visibility } from "./scenario.ts";

/** A window that is one of the fifteen faults. */
interface Same {
  id: string;
  fault: string;
  as: string;
}

/** One that only a part can have that the recipe has not. */
interface OnlyOurs {
  onlyOurs: true;
}

const startOutbound = "StartOutboundVoiceContact";

/** In which the message comes as often as its queue lets it. */
const refusedForAQuarter =
  (error: string, status: number): Scenario["happen"] =>
  async (stage) => {
    const { side, request, connect } = stage;
    connect.faults({ operation: startOutbound, kind: "refuse", error, status, count: 100_000 });
    await side.send(request());
    await side.deliver();
    for (let passes = 0; passes < 5; passes += 1) await pass(stage, visibility);
    connect.reset();
  };

/** By the numbers of docs/failure-windows.md. */
export const windows: (Same | (Scenario & Partial<OnlyOurs>))[] = [
  {
    id: "1",
    fault: "a message is delivered three times at once, and once more later",
    happen: async (stage) => {
      const { side, request } = stage;
      const record = held(stage, "record", "request");
      const first = side.invoke(request());
      const late = await record;
      await Promise.all([side.invoke(request()), side.invoke(request())]);
      late.letGo();
      await first;
      await pass(stage, visibility);
      await side.invoke(request());
    },
  },
  { id: "2", fault: "the claim is written and its answer is lost", as: "1" },
  {
    id: "3",
    fault: "the worker dies between claim and call",
    isRight: oneCallOrParked,
    happen: async (stage) => {
      const claim = held(stage, "claim", "reply");
      await stage.side.send(stage.request());
      await killedThere(stage, claim);
    },
  },
  {
    id: "4",
    fault: "Connect's answer is lost, once",
    happen: async ({ side, request, connect }) => {
      connect.faults({ operation: startOutbound, kind: "reply-lost", count: 1 });
      await side.send(request());
      await side.deliver();
    },
  },
  { id: "5", fault: "the worker dies between call and record", as: "2" },
  { id: "6", fault: "the record's answer is lost", as: "4" },
  { id: "7", fault: "the claim lapses while its worker lives", as: "5" },
  { id: "8", fault: "a message comes back after days", as: "9" },
  { id: "9", fault: "the same `requestId` comes with other content", as: "10" },
  {
    id: "10",
    fault: "Connect throttles for a quarter of an hour",
    avoidable: "a higher `maxReceiveCount`",
    happen: refusedForAQuarter("TooManyRequestsException", 429),
  },
  {
    id: "11",
    fault: "all calls of the instance are in use for a quarter of an hour",
    avoidable: "a higher `maxReceiveCount`",
    happen: refusedForAQuarter("LimitExceededException", 429),
  },
  {
    id: "12",
    fault: "a message cannot be read, beside one that can",
    isRight: ({ calls, deadLettered }) => calls === 1 && deadLettered === 1,
    happen: async ({ side, request }) => {
      await side.send("not JSON");
      await side.send(request());
      await side.deliver();
    },
  },
  {
    id: "13",
    fault: "the invocation is cut off: of three calls, one hangs",
    avoidable: "`requestTimeout` with `throwOnRequestTimeout`, and one attempt: then as fault 3",
    recipe: "unpaced",
    timeoutSeconds: 4,
    isRight: ({ calls, deadLettered }) => calls === 3 && deadLettered === 0,
    happen: async ({ side, request, connect }) => {
      connect.faults({ operation: startOutbound, kind: "delay", delayMs: 3_600_000, count: 1 });
      for (const each of ["a", "b", "c"])
        await side.send(request({ requestId: `${request()["requestId"]}-${each}` }));
      await side.deliver();
    },
  },
  {
    id: "14",
    fault: "one of a batch fails for good: the others are not delivered again",
    isRight: ({ calls }) => calls === 1,
    mayHandBack: 5,
    happen: async ({ side, request }) => {
      await side.send(request());
      const attributes = { case: "refused" };
      await side.send(
        request({ requestId: `${request()["requestId"]}-b`, destination: "+12065550160", attributes }),
      );
      await side.deliver();
    },
  },
  { id: "15", fault: "a connection hangs", as: "15" },
  {
    id: "16",
    fault: "a worker whose clock is a minute ahead gets a duplicate of what another is at",
    happen: async (stage) => {
      const { lab, side, request } = stage;
      const record = held(stage, "record", "request");
      const first = side.invoke(request());
      const late = await record;
      lab.clock.advance(50);
      await lab.advance(10);
      await side.invoke(request());
      late.letGo();
      await first;
    },
  },
  {
    id: "17",
    fault: "all contact events are lost",
    recipe: "notesTheContact",
    listens: true,
    happen: async ({ side, request, connect }) => {
      connect.events({ lose: 1 });
      await side.send(request());
      await side.deliver();
    },
  },
  {
    id: "18",
    fault: "contact events come twice and in any order",
    recipe: "notesTheContact",
    listens: true,
    happen: async ({ side, request, connect }) => {
      connect.events({ duplicate: 1, shuffle: 1, maxDelayMs: 20_000, seed: 3 });
      await side.send(request({ destination: "+12065550155" }));
      await side.deliver();
    },
  },
  {
    id: "19",
    fault: "the call is over before Connect's answer is on record",
    onlyOurs: true,
    happen: async (stage) => {
      const { side, request } = stage;
      const record = held(stage, "record", "request");
      const first = side.invoke(request());
      const late = await record;
      await pass(stage, 10);
      late.letGo();
      await first;
    },
  },
  {
    id: "20",
    fault: "a state is written, and its notice cannot be sent",
    onlyOurs: true,
    mayHandBack: 1,
    happen: async ({ lab, side, request }) => {
      lab.notices.sever(true);
      await side.send(request());
      await side.deliver();
      lab.notices.sever(false);
    },
  },
  {
    id: "21",
    fault: "DynamoDB cannot be reached",
    mayHandBack: 1,
    happen: async ({ lab, side, request }) => {
      lab.database.sever(true);
      await side.send(request());
      await side.deliver();
      lab.database.sever(false);
    },
  },
  {
    id: "23",
    fault: "a stop comes while its call is being placed",
    recipe: "notesTheContact",
    isRight: ({ calls, stopped }) => calls === stopped,
    happen: async (stage) => {
      const { side, request } = stage;
      const answered = request({ destination: "+12065550100" });
      const claim = held(stage, "claim", "reply");
      const placing = side.invoke(answered);
      const late = await claim;
      await side.stop(String(answered["requestId"]));
      late.letGo();
      await placing;
      await side.deliver();
    },
  },
  {
    id: "23",
    fault: "a stop comes before its request",
    recipe: "notesTheContact",
    isRight: ({ calls, stopped }) => calls === stopped,
    happen: async ({ side, request }) => {
      const answered = request({ destination: "+12065550100" });
      await side.stop(String(answered["requestId"]));
      await side.invoke(answered);
    },
  },
  {
    id: "27",
    fault: "a webhook is sent twice",
    happen: async ({ side, request }) => {
      await side.webhook("delivery-1", request());
      await side.webhook("delivery-1", request());
      await side.deliver();
    },
  },
];
