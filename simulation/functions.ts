import type { Delivery } from "../lib/contacts/delivery.ts";
import { releaseDue } from "../lib/contacts/release-due.ts";
import { afterwards as afterStart, startContacts } from "../lib/contacts/start-contact.ts";
import { afterwards as afterStop, stopContacts } from "../lib/contacts/stop-contact.ts";
import { afterwards as afterTrack, trackContacts } from "../lib/contacts/track-contact.ts";
import { afterwards as afterUpdate, updateAttributes } from "../lib/contacts/update-attributes.ts";
import type { Message } from "./parts/queue.ts";
import type { QueueName } from "./parts/queues.ts";
import { releaseSteps, startSteps, stopSteps, trackSteps, updateSteps } from "./steps.ts";
import { Worker } from "./worker.ts";
import { start, type World } from "./world.ts";

/** As serverless.yml has them. */
const timeoutMs = 30_000;
const releaseTimeoutMs = 55_000;
/** What lib/edge/schedule.ts keeps back. */
const reserveMs = 10_000;
const batchSize = 10;
const minuteMs = 60_000;

type Story = (deliveries: Delivery[], worker: Worker, world: World) => Promise<Map<string, { kind: string }>>;

interface LambdaFunction {
  name: string;
  story: Story;
  afterwards: Record<string, "delete" | "deliver again">;
}

const track: LambdaFunction = {
  name: "track-contact",
  story: (deliveries, worker, world) => trackContacts(deliveries, trackSteps(world, worker)),
  afterwards: afterTrack,
};

const functions: Record<QueueName, LambdaFunction> = {
  "call-requests": {
    name: "start-contact",
    story: (deliveries, worker, world) =>
      startContacts(deliveries, startSteps(world, worker), worker.mustEndBy),
    afterwards: afterStart,
  },
  "stop-requests": {
    name: "stop-contact",
    story: (deliveries, worker, world) =>
      stopContacts(deliveries, stopSteps(world, worker), worker.mustEndBy),
    afterwards: afterStop,
  },
  "attribute-updates": {
    name: "update-attributes",
    story: (deliveries, worker, world) =>
      updateAttributes(deliveries, updateSteps(world, worker), worker.mustEndBy),
    afterwards: afterUpdate,
  },
  "contact-events": track,
  "contact-records": track,
};

/** Lambda: it polls the queues, runs the stories, and deletes what they are done with; and runs release-due every minute. */
export class Lambda {
  private readonly world: World;
  private readonly polls = new Map<QueueName, number>();
  private releaseAt = Number.POSITIVE_INFINITY;
  private invocations = 0;

  constructor(world: World) {
    this.world = world;
    world.onMessage = (queue) => this.pollWhenVisible(queue);
    world.wantRelease = () => this.planRelease();
  }

  private pollWhenVisible(name: QueueName): void {
    const { clock, queues, random } = this.world;
    const visibleAt = queues[name].nextVisibleAt(clock.now);
    if (visibleAt === undefined) return;
    const at = Math.max(visibleAt, clock.now) + random.between(5, 200);
    if ((this.polls.get(name) ?? Number.POSITIVE_INFINITY) <= at) return;
    this.polls.set(name, at);
    clock.at(at, () => {
      if (this.polls.get(name) !== at) return;
      this.polls.delete(name);
      this.poll(name);
    });
  }

  private poll(name: QueueName): void {
    const { clock, queues, random, hostility, isCalm } = this.world;
    const queue = queues[name];
    const most = random.chance(0.5) ? batchSize : random.between(1, 3);
    const batch = queue.receive(clock.now, most, random);
    if (batch.length > 0) this.invoke(name, batch);
    if (
      !isCalm &&
      hostility.duplicateDelivery > 0 &&
      !queue.isFifo &&
      random.chance(hostility.duplicateDelivery)
    ) {
      // Another copy of a message that was just received, for another worker, soon or late.
      const [first] = batch;
      const visibleAt = clock.now + random.pick([1, 1_000, 40_000, 400_000]);
      if (first?.receives === 1) {
        first.hasCopy = true;
        queue.messages.push({ ...first, visibleAt, receivers: [{ disturbed: true }] });
      }
    }
    this.pollWhenVisible(name);
  }

  private invoke(name: QueueName, batch: Message[]): void {
    const { world } = this;
    const { name: functionName, story } = functions[name];
    this.invocations += 1;
    const worker = new Worker(world, `${functionName} ${this.invocations}`, timeoutMs);
    if (world.trace)
      world.note(
        worker,
        "receives",
        batch.map(({ id, receives }) => (receives > 1 ? `${id} (${receives})` : id)).join(", "),
      );
    if (world.sabotage.deletesFirst) for (const message of batch) world.queues[name].delete(message);
    for (const { receivers } of batch) receivers.push(worker);
    world.hasResumed = true;
    const deliveries = batch.map(({ id, body, receives }) => ({
      messageId: id,
      body,
      redelivered: receives > 1,
    }));
    story(deliveries, worker, world).then(
      (results) => this.finish(name, batch, worker, results),
      (error: unknown) => {
        world.note(worker, "throws", String(error));
        this.finish(name, batch, worker, new Map());
      },
    );
  }

  private finish(
    name: QueueName,
    batch: Message[],
    worker: Worker,
    results: Map<string, { kind: string }>,
  ): void {
    const { world } = this;
    const { afterwards } = functions[name];
    const { hostility, random, isCalm } = world;
    if (world.trace)
      world.note(
        worker,
        "returns",
        batch.map(({ id }) => `${id}: ${resultText(results.get(id))}`).join(", "),
      );
    if (worker.isGone) return;
    for (const message of batch) {
      const kind = results.get(message.id)?.kind;
      if (kind === undefined || afterwards[kind] !== "delete") continue;
      if (!isCalm && hostility.deleteLost > 0 && random.chance(hostility.deleteLost)) worker.disturbed = true;
      else world.queues[name].delete(message);
    }
    // Behind them others of their groups may wait.
    if (world.queues[name].isFifo) this.pollWhenVisible(name);
  }

  /** A minute in which release-due would find nothing is left out. */
  private planRelease(): void {
    const { world } = this;
    const { clock } = world;
    const first = start + (Math.floor((clock.now - start) / minuteMs) + 1) * minuteMs;
    if (this.releaseAt <= first) return;
    const due = world.nextDue();
    if (due === undefined) return;
    const at = Math.max(first, start + Math.ceil((due - start) / minuteMs) * minuteMs);
    if (this.releaseAt <= at) return;
    this.releaseAt = at;
    clock.at(at, () => {
      if (this.releaseAt !== at) return;
      this.releaseAt = Number.POSITIVE_INFINITY;
      if ((world.nextDue() ?? Number.POSITIVE_INFINITY) <= clock.now) this.release();
      this.planRelease();
    });
  }

  private release(): void {
    const { world } = this;
    this.invocations += 1;
    const worker = new Worker(world, `release-due ${this.invocations}`, releaseTimeoutMs);
    world.note(worker, "runs");
    world.hasResumed = true;
    releaseDue(releaseSteps(world, worker), worker.mustEndBy - reserveMs).then(
      ({ failures, ...tally }) => {
        if (failures.length > 0) worker.disturbed = true;
        if (world.trace)
          world.note(worker, "has done", { ...tally, failures: failures.map(({ error }) => String(error)) });
      },
      (error: unknown) => world.note(worker, "throws", String(error)),
    );
  }
}

function resultText(result: { kind: string } | undefined): string {
  if (!result) return "nothing";
  const { kind, why, error } = result as { kind: string; why?: string; error?: unknown };
  return [kind, why, error instanceof Error ? error.message : undefined].filter(Boolean).join(" ");
}
