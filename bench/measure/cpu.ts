import { type BenchRun, batchSize, isPlaced, noLimit } from "../bench-run.ts";
import { type Emulators, startEmulators } from "../emulators.ts";
import { restOfService } from "../rest-of-service.ts";
import { batchesOf, messages } from "../sqs-event.ts";
import { sum } from "../statistics.ts";
import { inTurns, type Pair, type Subject } from "../subjects.ts";
import { startWorker, type Worker } from "../workers.ts";

export interface CpuFigures {
  /** CPU milliseconds per call placed, one figure per round. */
  rounds: number[];
}

const callsPerRound = 100;
const warmUpRounds = 2;

/**
 * Warm workers, in turns of a hundred calls. Two processes of the same code may differ by a third for as long as they
 * live, so there are several of each. Only the worker's own process is counted.
 */
export async function measureCpu(run: BenchRun): Promise<Pair<CpuFigures>> {
  const { cpuProcesses, cpuRounds } = run.extent;
  run.say(`CPU: ${cpuProcesses} warm processes each, ${cpuRounds * callsPerRound} calls in every one`);
  const emulators = await startEmulators(run.template, noLimit);
  const figures: Pair<CpuFigures> = { ours: { rounds: [] }, recipe: { rounds: [] } };
  for (let life = 0; life < cpuProcesses; life += 1) {
    const workers = {
      ours: await startWorker(run.subjects.ours.bundle, emulators.variables),
      recipe: await startWorker(run.subjects.recipe.bundle, emulators.variables),
    };
    for (let round = 0; round < warmUpRounds + cpuRounds; round += 1) {
      await inTurns(run.subjects, life + round, async (subject) => {
        const prefix = `${subject.name}-${life}-${round}`;
        const cpuMs = await placeCalls(prefix, subject, workers[subject.name], emulators);
        if (round >= warmUpRounds) figures[subject.name].rounds.push(cpuMs / callsPerRound);
      });
    }
    for (const worker of Object.values(workers)) await worker.stop();
  }
  await emulators.stop();
  return figures;
}

async function placeCalls(
  prefix: string,
  subject: Subject,
  worker: Worker,
  emulators: Emulators,
): Promise<number> {
  const rest = restOfService(subject, emulators);
  const cpuMs: number[] = [];
  for (const batch of batchesOf(batchSize, messages(prefix, callsPerRound))) {
    const invoked = await worker.invoke(batch, emulators.timeoutMs);
    cpuMs.push(invoked.cpuMs);
    await rest.endCalls();
  }
  rest.close();
  const placed = (await emulators.requests()).filter(isPlaced).length;
  if (placed !== callsPerRound) throw new Error(`${subject.name} placed ${placed} of ${callsPerRound} calls`);
  return sum(cpuMs);
}
