/** The one account, Region and instance that this simulator is, and the ARNs in it. */
export type Place = {
  region: string;
  accountId: string;
  instanceId: string;
  instanceArn: string;
  contactArn(contactId: string): string;
  queueArn(queueId: string): string;
  agentArn(agentId: string): string;
};

export function placeOf(where: { region: string; accountId: string; instanceId: string }): Place {
  const instanceArn = `arn:aws:connect:${where.region}:${where.accountId}:instance/${where.instanceId}`;
  return {
    ...where,
    instanceArn,
    contactArn: (id) => `${instanceArn}/contact/${id}`,
    queueArn: (id) => `${instanceArn}/queue/${id}`,
    agentArn: (id) => `${instanceArn}/agent/${id}`,
  };
}
