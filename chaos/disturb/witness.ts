import * as v from "valibot";
import type { Asked } from "./disturbing-proxy.ts";

/** What was seen between the functions and what they use, before any of it was disturbed. Instants in epoch milliseconds. */
export interface Dial {
  clientToken: string;
  at: number;
  /** When its slot came, as the worker has put it on record with its claim. */
  claimedAt: number | undefined;
}

export interface Seen {
  dials: Dial[];
  requests: { operation: string; at: number }[];
}

const dialSchema = v.object({ ClientToken: v.string() });
const text = v.object({ S: v.string() });
const claimSchema = v.union([
  v.pipe(
    v.object({ Item: v.object({ clientToken: text, claimedAt: text }) }),
    v.transform(({ Item: { clientToken, claimedAt } }) => ({
      clientToken: clientToken.S,
      claimedAt: claimedAt.S,
    })),
  ),
  v.pipe(
    v.object({ ExpressionAttributeValues: v.object({ ":clientToken": text, ":claimedAt": text }) }),
    v.transform(({ ExpressionAttributeValues: values }) => ({
      clientToken: values[":clientToken"].S,
      claimedAt: values[":claimedAt"].S,
    })),
  ),
]);

/** Notes claims, dials and what else is paced. */
export class Witness {
  readonly seen: Seen = { dials: [], requests: [] };
  private readonly now: () => number;
  private readonly claims = new Map<string, number>();

  constructor(now: () => number) {
    this.now = now;
  }

  ofDynamoDb({ operation, body }: Asked): void {
    if ((operation !== "PutItem" && operation !== "UpdateItem") || !body.includes("claimedAt")) return;
    const claim = v.safeParse(claimSchema, JSON.parse(body));
    if (claim.success) this.claims.set(claim.output.clientToken, Date.parse(claim.output.claimedAt));
  }

  ofConnect({ operation, body }: Asked): void {
    const at = this.now();
    if (operation === "StartOutboundVoiceContact") {
      const { ClientToken: clientToken } = v.parse(dialSchema, JSON.parse(body));
      this.seen.dials.push({ clientToken, at, claimedAt: this.claims.get(clientToken) });
    } else this.seen.requests.push({ operation, at });
  }
}
