import { isUtf8 } from "node:buffer";
import { existsSync, readFileSync } from "node:fs";
import { ConnectUsers } from "../../lib/connect/users.connect.ts";
import { connectOnce, dynamoDb, sqs } from "../../lib/edge/clients.ts";
import { ofApplyUser } from "../../lib/edge/settings/roster.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { userRatesOf } from "../../lib/edge/shared-steps.ts";
import { until } from "../../lib/edge/until.ts";
import type { Rate } from "../../lib/pacing/rate.ts";
import { DynamoChangeReader } from "../../lib/roster/change-reader.dynamodb.ts";
import { Names } from "../../lib/roster/names.ts";
import type { CommandQueue } from "../../lib/roster/plan/apply-roster.ts";
import { type PaceSteps, steadyTurn } from "../../lib/roster/plan/ask-again.ts";
import { SqsCommandQueue } from "../../lib/roster/plan/command-queue.sqs.ts";
import type { PlanSteps } from "../../lib/roster/plan/plan-roster.ts";
import { readRoster } from "../../lib/roster/plan/read-roster.ts";
import type { RosterFile } from "../../lib/roster/plan/roster-file.ts";
import type { ChangeReader } from "../../lib/roster/user-changes.ts";
import { Failure } from "../failure.ts";
import { Settings } from "../settings.ts";

export interface Places {
  plan: Omit<PlanSteps, "progress">;
  /** Of each operation on users. */
  rate: Rate;
  /** What is needed to apply a plan, and for nothing else. */
  applying(): Promise<{ queue: CommandQueue; changes: Pick<ChangeReader, "outcomes"> }>;
}

/** As apply-user is told; for a deployed stage that has others than the usual ones, the environment has to say so. */
const fields = {
  CONNECT_INSTANCE_ID: ofApplyUser.CONNECT_INSTANCE_ID,
  PACER_TABLE: ofApplyUser.PACER_TABLE,
  CONNECT_USERS_RATE_PER_SECOND: ofApplyUser.CONNECT_USERS_RATE_PER_SECOND,
  CONNECT_USERS_BURST: ofApplyUser.CONNECT_USERS_BURST,
  INACTIVE_ROUTING_PROFILE: ofApplyUser.INACTIVE_ROUTING_PROFILE,
  INACTIVE_SECURITY_PROFILE: ofApplyUser.INACTIVE_SECURITY_PROFILE,
};

export function placesOf(stage: string | undefined): Places {
  const settings = new Settings(stage);
  const said = settingsOf("roster", fields, {
    ...process.env,
    CONNECT_INSTANCE_ID: settings.connectInstanceId(),
    PACER_TABLE: settings.pacerTable(),
  });
  const pace: PaceSteps = { rate: userRatesOf(said), now: Date.now, until };
  const startedAt = Date.now();
  return {
    plan: {
      ...pace,
      users: new ConnectUsers(connectOnce(), said.CONNECT_INSTANCE_ID, steadyTurn(pace)),
      // On a clock that stands still a name is asked for once.
      names: new Names(() => startedAt),
      inactive: {
        routingProfile: said.INACTIVE_ROUTING_PROFILE,
        securityProfile: said.INACTIVE_SECURITY_PROFILE,
      },
    },
    rate: { perSecond: said.CONNECT_USERS_RATE_PER_SECOND, burst: said.CONNECT_USERS_BURST },
    applying: async () => ({
      queue: new SqsCommandQueue(sqs(), await settings.queueUrl("user-commands", sqs())),
      changes: new DynamoChangeReader(dynamoDb(), settings.userChangesTable()),
    }),
  };
}

export function rosterIn(file: string): RosterFile {
  if (!existsSync(file)) throw new Failure("not-found", `There is no file ${file}.`);
  const roster = readRoster(file, textOf(file));
  if (!roster) throw new Failure("invalid", `The name of ${file} must end with .yaml, .yml or .csv.`);
  return roster;
}

/** Of another encoding every letter that is not of English would be read as none, and written to Connect. */
function textOf(file: string): string {
  const bytes = readFileSync(file);
  if (!isUtf8(bytes)) throw new Failure("invalid", `${file} is not in UTF-8: save it in that encoding.`);
  return bytes.toString("utf8");
}
