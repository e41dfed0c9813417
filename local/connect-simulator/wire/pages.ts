import { createHash } from "node:crypto";
import * as v from "valibot";
import type { Page } from "../instance/table.ts";
import { absentOr, text, whole } from "./constraints.ts";
import type { QueryMember } from "./operation.ts";
import { invalidParameter } from "./wire-error.ts";

const usualPage = 100;
const largestPage = 1000;

/** The members of every operation whose pages are asked for in the query. */
export const pageQuery = {
  NextToken: { name: "nextToken", as: "text" },
  MaxResults: { name: "maxResults", as: "number" },
} as const satisfies Record<string, QueryMember>;

export const pageMembers = (largest: number = largestPage) => ({
  NextToken: absentOr(text(1, 2_500)),
  MaxResults: absentOr(whole(1, largest)),
});

type PageRequest = { NextToken: string | null; MaxResults: number | null };

type Source<Row> = {
  page(after: number, count: number, wanted?: (row: Row) => boolean): Page<Row>;
};

const digestOf = (scope: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(scope)).digest("base64url").slice(0, 16);

const tokenSchema = v.tuple([v.string(), v.pipe(v.number(), v.safeInteger())]);

function placeIn(token: string, digest: string): number {
  try {
    const [made, after] = v.parse(tokenSchema, JSON.parse(Buffer.from(token, "base64url").toString()));
    if (made === digest) return after;
  } catch {
    // What cannot be read was not made here, and neither was one of another list.
  }
  throw invalidParameter("NextToken: is not a token of this list");
}

/**
 * One page, and the token of the next. A token is bound to its `scope`: the operation, the instance and the filters. What is
 * created or deleted meanwhile neither repeats nor hides anything else.
 */
export function pageOf<Row>(
  rows: Source<Row>,
  request: PageRequest,
  scope: readonly unknown[],
  wanted?: (row: Row) => boolean,
  usual: number = usualPage,
): { rows: Row[]; nextToken: string | undefined } {
  const digest = digestOf(scope);
  const after = request.NextToken === null ? -1 : placeIn(request.NextToken, digest);
  const { rows: found, next } = rows.page(after, request.MaxResults ?? usual, wanted);
  const nextToken =
    next === null ? undefined : Buffer.from(JSON.stringify([digest, next])).toString("base64url");
  return { rows: found, nextToken };
}
