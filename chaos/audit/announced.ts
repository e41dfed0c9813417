import type { Told } from "../../local/stack/notice-watch.ts";
import { type Check, requestsOf } from "./observed.ts";

/**
 * docs/notices.md and docs/failure-windows.md: the last state of each request, how each attempt ended before the next one took its
 * place, and every conflict. The same change has the same noticeId. States in between may be overtaken by newer ones.
 */
export const announced: Check = (observed) => [
  ...untold(observed),
  ...untoldAttempts(observed),
  ...untoldConflicts(observed),
  ...ambiguous(observed),
];

const changesOf = (notices: Told[]) =>
  Map.groupBy(
    notices.filter(({ type }) => type === "state-changed"),
    ({ requestId }) => requestId,
  );

const untold: Check = (observed) => {
  const told = changesOf(observed.notices);
  return requestsOf(observed).flatMap(({ requestId, state, revision }) =>
    told.get(requestId)?.some((notice) => notice.revision === revision && notice.state === state)
      ? []
      : [`nobody was told that ${requestId} is ${state} (revision ${revision})`],
  );
};

const untoldAttempts: Check = (observed) => {
  const told = changesOf(observed.notices);
  return requestsOf(observed).flatMap(({ requestId, attempt }) =>
    Array.from({ length: Math.max(0, attempt - 1) }, (_, index) => index + 1).flatMap((former) => {
      const of = told.get(requestId)?.filter((notice) => notice.attempt === former) ?? [];
      if (of.some(({ state }) => state === "ended" || state === "parked")) return [];
      return [`nobody was told how attempt ${former} of ${requestId} ended`];
    }),
  );
};

/** Of several contents one is the request, and each of the others is a conflict of its own. */
const untoldConflicts: Check = ({ sent, notices }) => {
  const conflicts = Map.groupBy(
    notices.filter(({ type }) => type === "conflict"),
    ({ requestId }) => requestId,
  );
  return [...sent.calls].flatMap(([requestId, bodies]) => {
    const expected = new Set(bodies.map((body) => JSON.stringify(body))).size - 1;
    const told = new Set(conflicts.get(requestId)?.map(({ noticeId }) => noticeId)).size;
    return told === expected ? [] : [`${told} conflicts of ${requestId} were told, not ${expected}`];
  });
};

const ambiguous: Check = ({ notices }) => {
  const changes = notices.filter(({ type }) => type === "state-changed");
  const contentOf = ({ requestId, revision, state, attempt, outcome }: Told) =>
    [requestId, revision, state, attempt, outcome].join(" ");
  const byId = [...Map.groupBy(changes, ({ noticeId }) => noticeId)].filter(
    ([, all]) => new Set(all.map(contentOf)).size > 1,
  );
  const byRevision = [
    ...Map.groupBy(changes, ({ requestId, revision }) => `${requestId} revision ${revision}`),
  ].filter(([, all]) => new Set(all.map(({ noticeId }) => noticeId)).size > 1);
  return [
    ...byId.map(([noticeId]) => `the notice ${noticeId} tells of different things`),
    ...byRevision.map(([change]) => `${change} has several noticeIds`),
  ];
};
