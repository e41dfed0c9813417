import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { accountId } from "../local/stack/emulators.ts";
import { noticeWatchQueue, type Told, watchNotices } from "../local/stack/notice-watch.ts";
import { packagedService } from "../local/stack/packaged-service.ts";
import { type Stack, startStack } from "../local/stack/stack.ts";
import { audit } from "./audit/audit.ts";
import { environmentOf, functionNames, killableIn, simulatorOf, visibilityTimeoutOf } from "./conditions.ts";
import { Disturber } from "./disturb/disturber.ts";
import { surroundingsOf } from "./disturb/surroundings.ts";
import { observe } from "./observe.ts";
import { drawsOf } from "./plan/draw.ts";
import { type Extent, planOf } from "./plan/plan.ts";
import { Producer } from "./producer.ts";
import { type Report, reportOf } from "./report.ts";
import { comeToRest } from "./rest.ts";
import { trouble } from "./trouble.ts";

const root = resolve(import.meta.dirname, "..");
/** The packaged service in trouble, and then what became of it. */
export async function runChaos(extent: Extent, say: (line: string) => void): Promise<Report> {
  const plan = planOf(extent);
  const drawFor = drawsOf(extent.seed);
  const dir = mkdtempSync(join(tmpdir(), "contact-automation-chaos-"));
  const surroundings = surroundingsOf(drawFor);
  const warnings: string[] = [];
  const startedAt = Date.now();
  const stack = await startStack({
    service: await packagedService(root, say),
    dir,
    pollers: false,
    visibilityTimeout: visibilityTimeoutOf(extent),
    environment: environmentOf(extent),
    simulator: simulatorOf(extent),
    through: surroundings.through,
    warn: (message) => void warnings.push(message),
  });
  const notices: Told[] = [];
  const stopWatching = await watchNotices(stack.env, (notice) => void notices.push(notice));
  try {
    for (const name of functionNames) if (name !== "release-due") stack.resume(name);
    const disturber = new Disturber(stack, surroundings, killableIn(extent), drawFor("invocations"));
    const producer = producerFor(stack, notices);
    await trouble(plan, { stack, disturber, producer, notices, say });
    say("the trouble is over");
    const noticesQueueUrl = `${stack.env["AWS_ENDPOINT_URL_SQS"]}/${accountId}/${noticeWatchQueue}`;
    const left = await comeToRest(stack, extent, noticesQueueUrl, say);
    const { sent } = producer;
    const { seen } = surroundings.witness;
    const observed = await observe(stack, { extent, sent, seen, notices, left, dir, warnings });
    const tookMs = Date.now() - startedAt;
    const injected = { disturber, fates: surroundings.fates, plan, tookMs };
    const report = reportOf(extent, observed, injected, audit(observed));
    if (report.clean) rmSync(dir, { recursive: true, force: true });
    else say(`the logs of the functions are in ${join(dir, "logs")}`);
    return report;
  } finally {
    await stopWatching();
    await stack.stop();
    await surroundings.stop();
  }
}

function producerFor({ clients, env }: Stack, notices: Told[]): Producer {
  const contactIds = new Map<string, string>();
  let read = 0;
  return new Producer(clients.sqs, env, Date.now(), (requestId) => {
    for (const notice of notices.slice(read))
      if (notice.contactId) contactIds.set(notice.requestId, notice.contactId);
    read = notices.length;
    return contactIds.get(requestId);
  });
}
