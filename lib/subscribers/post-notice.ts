import { type DestinationRules, readDestination } from "./destination.ts";
import type { PostAnswer, Poster } from "./poster.ts";
import { signedHeaders } from "./signature.ts";

export interface PostSteps {
  poster: Poster;
  rules: DestinationRules;
  userAgent: string;
  now(): number;
}

/** One attempt. The URL is looked at again: rules change, and whoever has written it may not have looked. */
export async function postNotice(
  notice: { noticeId: string },
  url: string,
  secrets: string[],
  { poster, rules, userAgent, now }: PostSteps,
): Promise<PostAnswer> {
  const reading = readDestination(url, rules);
  if (reading.kind === "unfit") return { kind: "unanswered", why: `its URL is not allowed: ${reading.why}` };
  const body = JSON.stringify(notice);
  return poster.post(reading.destination, {
    body,
    headers: {
      "content-type": "application/json",
      "user-agent": userAgent,
      ...signedHeaders(notice.noticeId, body, secrets, now()),
    },
  });
}

/** @returns undefined for a success, which is any 2xx */
export function failureIn(answer: PostAnswer): string | undefined {
  if (answer.kind === "unanswered") return answer.why;
  const { status } = answer;
  return status >= 200 && status < 300 ? undefined : `it answered ${status}`;
}
