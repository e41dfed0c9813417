import { randomBytes } from "node:crypto";
import type { GetFederationTokenResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import type { Caller } from "../auth/caller.ts";
import { findInstance } from "../instance/find.ts";
import type { Instance, User } from "../instance/instance.ts";
import { instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { invalidRequest, userNotFound } from "../wire/wire-error.ts";
import { accessUrl } from "./summaries.ts";

export const getFederationToken = operation({
  name: "GetFederationToken",
  method: "GET",
  path: "/user/federate/{InstanceId}",
  input: v.object({ InstanceId: instanceId }),
  carryOut(request, world, caller) {
    const instance = findInstance(request.InstanceId, world);
    const user = federated(caller, instance);
    const expiration = Math.floor(world.realNow() / 1000 + world.deviations.federationHours * 3600);
    return {
      Credentials: {
        AccessToken: randomBytes(96).toString("base64url"),
        AccessTokenExpiration: expiration,
        RefreshToken: randomBytes(96).toString("base64url"),
        RefreshTokenExpiration: expiration,
      },
      SignInUrl: `${accessUrl(instance.alias)}/auth/sign-in`,
      UserArn: instance.place.arn("agent", user.id),
      UserId: user.id,
    } satisfies OnTheWire<GetFederationTokenResponse>;
  },
});

/** The user of that name whom the caller's role session was opened for. */
function federated(caller: Caller, { identityManagementType, users }: Instance): User {
  if (identityManagementType !== "SAML") {
    throw invalidRequest("InstanceId: only instances that use SAML have federation tokens");
  }
  if (caller.root) {
    throw invalidRequest(`Provided identity: Principal: ${caller.arn}, cannot be used for federation`);
  }
  const user = caller.sessionName === null ? undefined : users.named(caller.sessionName);
  if (user === undefined) throw userNotFound(`There is no user for the identity ${caller.arn}`);
  return user;
}
