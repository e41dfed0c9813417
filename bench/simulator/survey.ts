import type { InstanceView } from "../../local/connect-simulator/simulator.ts";
import { ask, type Sign, type Unsigned } from "./signing.ts";

/** What the requests for one simulator are made of. */
export interface Survey {
  instanceId: string;
  contactFlowId: string;
  queueIds: string[];
  routingProfileId: string;
  securityProfileId: string;
  /** From all places of the list. */
  users: { Id: string; Username: string }[];
  /** Of the pages of ListUsers; null is the first one. */
  tokens: (string | null)[];
}

const usersSampled = 2000;

/** Goes through the whole list of users once. */
export async function survey(port: number, sign: Sign): Promise<Survey> {
  const [instance] = (await (
    await fetch(`http://127.0.0.1:${port}/_sim/instances`)
  ).json()) as InstanceView[];
  if (instance === undefined) throw new Error("there is no instance");
  const { contactFlows, queues, routingProfiles, securityProfiles } = instance;
  const found: Survey = {
    instanceId: instance.id,
    contactFlowId: idOf(contactFlows),
    queueIds: queues.map(({ id }) => id),
    routingProfileId: idOf(routingProfiles),
    securityProfileId: idOf(securityProfiles),
    users: [],
    tokens: [],
  };
  let token: string | null = null;
  do {
    found.tokens.push(token);
    const page = (await ask(port, await sign(listUsers(found, token, 1000)))) as {
      UserSummaryList: Survey["users"];
      NextToken?: string;
    };
    found.users.push(...page.UserSummaryList);
    token = page.NextToken ?? null;
  } while (token !== null);
  const step = Math.max(1, Math.floor(found.users.length / usersSampled));
  found.users = found.users.filter((_, index) => index % step === 0);
  return found;
}

export function listUsers({ instanceId }: Survey, token: string | null, maxResults: number): Unsigned {
  return {
    method: "GET",
    path: `/users-summary/${instanceId}`,
    query: { ...(token !== null && { nextToken: token }), maxResults: String(maxResults) },
  };
}

function idOf([first]: { id: string }[]): string {
  if (first === undefined) throw new Error("the instance lacks something");
  return first.id;
}
