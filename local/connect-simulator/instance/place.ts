/** The account, Region and instance that something is in, and the ARNs there. */
export type Place = {
  region: string;
  accountId: string;
  instanceId: string;
  instanceArn: string;
  /** `kind`: the resource type as ARNs have it. */
  arn(kind: ArnKind, id: string): string;
  phoneNumberArn(id: string): string;
};

export type ArnKind =
  | "contact"
  | "queue"
  | "agent"
  | "agent-group"
  | "agent-group-level"
  | "agent-state"
  | "routing-profile"
  | "security-profile"
  | "contact-flow";

export function placeOf(where: { region: string; accountId: string; instanceId: string }): Place {
  const account = `arn:aws:connect:${where.region}:${where.accountId}`;
  const instanceArn = `${account}:instance/${where.instanceId}`;
  return {
    ...where,
    instanceArn,
    arn: (kind, id) => `${instanceArn}/${kind}/${id}`,
    phoneNumberArn: (id) => `${account}:phone-number/${id}`,
  };
}
