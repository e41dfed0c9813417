import { randomBytes } from "node:crypto";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { ConnectUsers } from "../../lib/connect/users.connect.ts";
import { SqsDeadLetters } from "../../lib/contacts/dead-letters.sqs.ts";
import { connectOnce, dynamoDb, sns, sqs } from "../../lib/edge/clients.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { ofApplyUser } from "../../lib/edge/settings/roster.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { userRatesOf } from "../../lib/edge/shared-steps.ts";
import { onSqs } from "../../lib/edge/sqs.ts";
import { until } from "../../lib/edge/until.ts";
import { SnsNotices } from "../../lib/notices/notices.sns.ts";
import { afterwards, applyUsers, type UserSteps } from "../../lib/roster/apply-user.ts";
import { DynamoLedger } from "../../lib/roster/ledger.dynamodb.ts";
import { Names } from "../../lib/roster/names.ts";
import { passwordBytes, passwordOf } from "../../lib/roster/password.ts";
import { DynamoUserChanges } from "../../lib/roster/user-changes.dynamodb.ts";
import { SqsUserCommands } from "../../lib/roster/user-commands.sqs.ts";

const settings = settingsOf("apply-user", ofApplyUser);

const steps: UserSteps = {
  users: (turn) => new ConnectUsers(connectOnce(), settings.CONNECT_INSTANCE_ID, turn),
  rate: userRatesOf(settings),
  names: new Names(Date.now),
  ledger: new DynamoLedger(dynamoDb(), settings.ROSTER_TABLE, Date.now),
  changes: new DynamoUserChanges(
    dynamoDb(),
    settings.USER_CHANGES_TABLE,
    settings.USER_CHANGES_RETENTION_DAYS,
    Date.now,
  ),
  notices: new SnsNotices(sns, settings.CONTACT_NOTICES_TOPIC_ARN),
  commands: new SqsUserCommands(sqs, settings.USER_COMMANDS_QUEUE_URL),
  deadLetters: new SqsDeadLetters(sqs, settings.USER_COMMANDS_DLQ_URL),
  newPassword: () => passwordOf(randomBytes(passwordBytes)),
  inactive: {
    routingProfile: settings.INACTIVE_ROUTING_PROFILE,
    securityProfile: settings.INACTIVE_SECURITY_PROFILE,
  },
  patience: { waitMs: settings.SLOT_WAIT_SECONDS, settleMs: settings.USERS_SETTLE_SECONDS },
  now: Date.now,
  until,
};

export const handler = middy(
  onSqs((deliveries, mustEndBy) => applyUsers(deliveries, steps, mustEndBy), afterwards),
)
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
