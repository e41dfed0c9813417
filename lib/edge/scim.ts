import { DynamoScimUsers } from "../scim/scim-users.dynamodb.ts";
import type { SendSteps } from "../scim/steps.ts";
import { SqsScimCommands } from "../scim/user-commands.sqs.ts";
import { dynamoDb, sqs } from "./clients.ts";
import { count, loggable, logger } from "./log.ts";
import { commandRulesOf, type ScimCommandSettings } from "./settings/scim.ts";

/** The steps that both functions of SCIM take alike. */
export const sendStepsOf = (settings: ScimCommandSettings): SendSteps => ({
  users: new DynamoScimUsers(dynamoDb(), settings.SCIM_USERS_TABLE),
  commands: new SqsScimCommands(sqs(), settings.USER_COMMANDS_QUEUE_URL),
  rules: commandRulesOf(settings),
  now: Date.now,
  unsent: (error) => {
    count("scim-unsent");
    logger.warn("A user was written, and the command not sent yet", loggable(error));
  },
});
