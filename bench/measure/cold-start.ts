import { type BenchRun, isPlaced, noLimit } from "../bench-run.ts";
import { type Emulators, startEmulators } from "../emulators.ts";
import { aMessage } from "../sqs-event.ts";
import { inTurns, type Pair, type Subject } from "../subjects.ts";
import { startWorker } from "../workers.ts";

export interface ColdStarts {
  /** Milliseconds from before the import until Connect's answer to the first call, one per fresh process. */
  untilPlaced: number[];
  /** The same until the handler's answer: the record, and ours its notice, are written. */
  untilAnswer: number[];
}

export async function measureColdStarts(run: BenchRun): Promise<Pair<ColdStarts>> {
  run.say(`Import to first call: ${run.extent.coldStarts} fresh processes each`);
  const emulators = await startEmulators(run.template, noLimit);
  const starts: Pair<ColdStarts> = {
    ours: { untilPlaced: [], untilAnswer: [] },
    recipe: { untilPlaced: [], untilAnswer: [] },
  };
  // The first of each only warms up the emulators and the file cache.
  for (let round = 0; round <= run.extent.coldStarts; round += 1) {
    await inTurns(run.subjects, round, async (subject) => {
      const { untilPlaced, untilAnswer } = await startCold(subject, round, emulators);
      if (round === 0) return;
      starts[subject.name].untilPlaced.push(untilPlaced);
      starts[subject.name].untilAnswer.push(untilAnswer);
    });
  }
  await emulators.stop();
  return starts;
}

async function startCold(subject: Subject, round: number, emulators: Emulators) {
  const worker = await startWorker(subject.bundle, emulators.variables);
  const message = aMessage(`cold-${subject.name}-${round}`);
  const { startedAt, endedAt } = await worker.invoke([message], emulators.timeoutMs);
  await worker.stop();
  const placed = (await emulators.requests()).find(isPlaced);
  if (!placed) throw new Error(`${subject.name} placed no call in a fresh process`);
  return { untilPlaced: placed.at - startedAt, untilAnswer: endedAt - startedAt };
}
