import { ConnectFederation } from "../federation/federation.connect.ts";
import type { Federation } from "../federation/federation.ts";
import { connectAs, sts } from "./clients.ts";
import type { FederationSettings } from "./settings/federation.ts";

/** @returns undefined where the deployment has no federation role */
export function federationOf(settings: FederationSettings): Federation | undefined {
  const { FEDERATION_ROLE_ARN: roleArn, CONNECT_INSTANCE_ID: instanceId } = settings;
  return roleArn === undefined
    ? undefined
    : new ConnectFederation({ sts: sts(), connectAs }, { roleArn, instanceId });
}
