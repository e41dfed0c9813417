import type { ContactFacts } from "../lib/connect/contact-centre.ts";
import type { DialOrder } from "../lib/contacts/call-record.ts";
import type { Delivery } from "../lib/contacts/delivery.ts";
import type { AttributeUpdates } from "../lib/contacts/hand-over.ts";
import type { ReleaseSteps } from "../lib/contacts/release-due.ts";
import type { StartSteps } from "../lib/contacts/start-contact.ts";
import type { StopRequests, StopSteps } from "../lib/contacts/stop-contact.ts";
import type { TrackSteps } from "../lib/contacts/track-contact.ts";
import type { UpdateSteps } from "../lib/contacts/update-attributes.ts";
import type { Notice } from "../lib/notices/notice.ts";
import { instanceId } from "./parts/connect.ts";
import type { QueueName } from "./parts/queues.ts";
import { pacerOf, RemoteContacts, rateOf } from "./tables.ts";
import type { Worker } from "./worker.ts";
import { patience, type World } from "./world.ts";

const unsent = (): never => {
  throw new Error("the queue did not take it");
};

/** What all stories touch alike. */
function shared(world: World, worker: Worker) {
  const contacts = new RemoteContacts(world, worker);
  const pacer = pacerOf(world, worker);
  const stopRequests: StopRequests = {
    send: (stops) =>
      worker.request(
        "send-stops",
        () => {
          for (const { stop, delaySeconds } of stops)
            world.send("stop-requests", JSON.stringify(stop), { delaySeconds });
        },
        unsent,
      ),
  };
  const attributeUpdates: AttributeUpdates = {
    send: (messages) => {
      const ids = messages.map(() => world.nextId());
      return worker.request(
        "send-updates",
        () =>
          messages.forEach(({ group, body }, index) => {
            world.send("attribute-updates", body, { group, deduplicationId: ids[index] });
          }),
        unsent,
      );
    },
  };
  return {
    contacts: world.sabotage.contacts?.(contacts, world) ?? contacts,
    pacer: world.sabotage.pacer?.(pacer, world) ?? pacer,
    notices: {
      publish: (notices: Notice[]) =>
        worker.request<Set<string>>(
          "publish",
          () => world.publish(worker, notices),
          () => {
            if (world.random.chance(0.5)) throw new Error("SNS cannot be reached");
            return new Set(notices.map(({ noticeId }) => noticeId));
          },
        ),
    },
    lookup: {
      describe: (contactId: string) =>
        worker.request(
          "describe",
          () => world.describeArrives(worker, contactId),
          () => ({ kind: "not-now" as const }),
        ),
    },
    stopRequests,
    attributeUpdates,
    now: () => worker.now(),
    until: (at: number) => worker.until(at),
    patience,
  };
}

const deadLettersOf = (world: World, worker: Worker, queue: QueueName) => ({
  put: ({ body }: Delivery) => worker.request("dead-letter", () => world.bury(queue, body), unsent),
});

export function startSteps(world: World, worker: Worker): StartSteps {
  const dialler = {
    dial: (order: DialOrder) => {
      world.promises.dialSent(order);
      return worker.request(
        "dial",
        () => world.dialArrives(order),
        () => ({ kind: "unclear" as const, reason: "TimeoutError" }),
        { once: true, lost: () => world.promises.notDialled(order), copyWithinMs: 8_000 },
      );
    },
  };
  return {
    ...shared(world, worker),
    dialler: world.sabotage.dialler?.(dialler) ?? dialler,
    deadLetters: deadLettersOf(world, worker, "call-requests"),
    random: () => world.nextId(),
    defaults: { contactFlowId: "flow", queueId: "queue" },
  };
}

export function stopSteps(world: World, worker: Worker): StopSteps {
  return {
    ...shared(world, worker),
    rate: rateOf(world, worker, world.stopRate),
    stopper: {
      stop: (contactId) =>
        worker.request(
          "stop",
          () => world.stopArrives(contactId),
          () => "unclear",
          { once: true },
        ),
    },
    deadLetters: deadLettersOf(world, worker, "stop-requests"),
  };
}

export function updateSteps(world: World, worker: Worker): UpdateSteps {
  return {
    ...shared(world, worker),
    rate: rateOf(world, worker, world.updateRate),
    writer: {
      write: (contactId, attributes: ContactFacts["attributes"]) =>
        worker.request(
          "write",
          () => world.writeArrives(contactId, attributes),
          () => ({ kind: "unclear" }),
          // One that came after a later one would put older values back, and Connect has no condition against it.
          { once: true, copyWithinMs: 0 },
        ),
    },
    deadLetters: deadLettersOf(world, worker, "attribute-updates"),
  };
}

export const trackSteps = (world: World, worker: Worker): TrackSteps => ({
  ...shared(world, worker),
  instanceId,
});

export const releaseSteps = (world: World, worker: Worker): ReleaseSteps => ({
  ...shared(world, worker),
  callRequests: {
    send: (releases) =>
      worker.request(
        "send-requests",
        () => {
          for (const { body, delaySeconds } of releases) world.send("call-requests", body, { delaySeconds });
        },
        unsent,
      ),
  },
});
