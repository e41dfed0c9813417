import type { ContactKind } from "../intake/message.ts";

/** A webhook that was accepted. It is kept for as long as its sender could send it again, and longer. */
export interface AcceptedWebhook {
  /** `<source>#<id>` */
  webhookKey: string;
  /** SHA-256 of the body, in hexadecimal digits. */
  bodyHash: string;
  messages: { type: ContactKind; id: string }[];
  acceptedAt: string;
  /** Epoch seconds after which it counts as forgotten. */
  ttl: number;
}

/** The table `webhooks`. */
export interface Webhooks {
  /** @param now epoch milliseconds */
  find(webhookKey: string, now: number): Promise<AcceptedWebhook | undefined>;
  /** @returns what is on record from then on: this one, or the one that came before it */
  remember(webhook: AcceptedWebhook, now: number): Promise<AcceptedWebhook>;
}

/** Sources are named without `#`, so the first one divides. */
export const webhookKeyOf = (source: string, id: string): string => `${source}#${id}`;
