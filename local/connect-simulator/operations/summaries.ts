import type { Instance, Named } from "../instance/instance.ts";
import type { ArnKind } from "../instance/place.ts";
import type { World } from "../world.ts";

/** What every list shows of when something last changed. */
export const lastModified = (modifiedAt: number, { region }: World) => ({
  LastModifiedTime: modifiedAt / 1000,
  LastModifiedRegion: region,
});

export const summaryOf = (kind: ArnKind, row: Named, { place }: Instance, world: World) => ({
  Id: row.id,
  Arn: place.arn(kind, row.id),
  Name: row.name,
  ...lastModified(row.modifiedAt, world),
});

export const instanceSummary = ({ place, ...instance }: Instance) => ({
  Id: instance.id,
  Arn: place.instanceArn,
  IdentityManagementType: instance.identityManagementType,
  InstanceAlias: instance.alias,
  CreatedTime: instance.createdAt / 1000,
  ServiceRole: `arn:aws:iam::${place.accountId}:role/aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect`,
  InstanceStatus: "ACTIVE" as const,
  InboundCallsEnabled: instance.inboundCallsEnabled,
  OutboundCallsEnabled: instance.outboundCallsEnabled,
  InstanceAccessUrl: accessUrl(instance.alias),
});

export const accessUrl = (alias: string): string => `https://${alias}.my.connect.aws`;
