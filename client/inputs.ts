import type * as v from "valibot";
import type { attributeUpdateSchema } from "../lib/contacts/attribute-update.ts";
import type { callRequestSchema } from "../lib/contacts/call-request.ts";
import type { stopRequestSchema } from "../lib/contacts/stop-request.ts";
import type { userCommandSchema } from "../lib/roster/user-command.ts";

/** Maps come in as unknown, for they are checked key by key: what they must hold is read off what comes out. */
type InputOf<Schema extends v.GenericSchema, Maps extends keyof v.InferOutput<Schema>> = Omit<
  v.InferInput<Schema>,
  Maps
> &
  Pick<v.InferOutput<Schema>, Maps>;

type WithOptional<Input, Names extends keyof Input> = Omit<Input, Names> & {
  [Name in Names]?: Input[Name] | undefined;
};

type ExactlyOne<Input, Names extends keyof Input> = Omit<Input, Names> &
  {
    [Name in Names]: { [N in Name]-?: NonNullable<Input[N]> } & { [N in Exclude<Names, Name>]?: undefined };
  }[Names];

/** docs/call-requests.md describes the fields. `requestId` is yours, and the same id never calls twice. */
export type CallRequest = InputOf<typeof callRequestSchema, "attributes" | "references">;

/** docs/stop-requests.md describes the fields. `stopId` is made where it is missing. */
export type StopRequest = ExactlyOne<
  WithOptional<v.InferInput<typeof stopRequestSchema>, "stopId">,
  "requestId" | "contactId" | "campaignId"
>;

/** `updateId` is made where it is missing, and `occurredAt` is then the present. */
export type AttributeUpdate = ExactlyOne<
  WithOptional<InputOf<typeof attributeUpdateSchema, "attributes">, "updateId" | "occurredAt">,
  "requestId" | "contactId"
>;

type UserCommandForms = (typeof userCommandSchema)["options"];

/** docs/users.md describes the fields. `commandId` is made where it is missing. */
export type UserCommand =
  | WithOptional<v.InferOutput<UserCommandForms[0]>, "commandId">
  | WithOptional<v.InferOutput<UserCommandForms[1]>, "commandId">;
