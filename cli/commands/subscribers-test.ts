import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { deliveryTimeoutMs } from "../../lib/edge/timeouts.ts";
import { failureIn, postNotice } from "../../lib/subscribers/post-notice.ts";
import { HttpsPoster } from "../../lib/subscribers/poster.https.ts";
import { userAgentOf } from "../../lib/subscribers/signature.ts";
import packageJson from "../../package.json" with { type: "json" };
import { exitCodes } from "../failure.ts";
import { type CommonOptions, examples } from "../options.ts";
import { print } from "../print.ts";
import { found, placesOf } from "./subscribers-place.ts";

export function addTest(subscribers: Command): void {
  subscribers
    .command("test")
    .description("Sends a signed notice of type `test` from here, now and once, and shows what came of it")
    .argument("<id>", "the subscriber, which may be a disabled one")
    .addHelpText("after", examples("subscribers test crm", "subscribers test crm --stage prod --json"))
    .action(test);
}

async function test(id: string, _options: unknown, command: Command): Promise<void> {
  const { json, stage } = command.optsWithGlobals<CommonOptions>();
  const { table, secretsOf, rules } = placesOf(stage);
  const { url } = await found(table, id);
  const notice = { noticeId: randomUUID(), type: "test", at: new Date().toISOString() };
  const startedAt = Date.now();
  const answer = await postNotice(notice, url, await secretsOf(id).get(), {
    poster: new HttpsPoster({ timeoutMs: deliveryTimeoutMs, now: Date.now }),
    rules,
    userAgent: userAgentOf(packageJson.version),
    now: Date.now,
  });
  const ms = Date.now() - startedAt;
  const why = failureIn(answer);
  const status = answer.kind === "answered" ? answer.status : undefined;
  print(json, { notice, delivered: why === undefined, ...(status && { status }), ...(why && { why }), ms }, [
    why === undefined
      ? `Delivered: it answered ${status} after ${ms} ms.`
      : `Not delivered: ${why}, after ${ms} ms.`,
  ]);
  if (why !== undefined) process.exitCode = exitCodes.failed;
}
