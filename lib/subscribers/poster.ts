import type { Destination } from "./destination.ts";

export interface Post {
  headers: Record<string, string>;
  body: string;
}

export type PostAnswer =
  | { kind: "answered"; status: number; retryAfterMs?: number }
  /** `why` names no address and nothing that the other side has said. */
  | { kind: "unanswered"; why: string };

/** One POST, one answer. Redirects are answers like others: nothing follows them. */
export interface Poster {
  post(destination: Destination, message: Post): Promise<PostAnswer>;
}
