import { bottomless, broken, inherited, smudged, type Target, withWrongPiece } from "./hostile-bodies.ts";
import { nastyHeaders, otherContent, wrongSignature } from "./hostile-headers.ts";
import { badLabel, badQuery, hasBody, idleQuery, strangeMethods, trickyPath } from "./hostile-targets.ts";
import { hugeText } from "./hostile-values.ts";
import { brokenHttp } from "./hostile-wire.ts";
import { inputMembers } from "./model.ts";
import { type Random, randomFrom } from "./random.ts";
import type { Outcome } from "./raw-socket.ts";
import { bodyOf, pathOf, type RawRequest, requestOf, send } from "./requests.ts";
import type { Input } from "./sample.ts";
import { type Violation, violationsOf } from "./violations.ts";

export type Hostile = {
  name: string;
  /** A connection that ends without a reply is as good as a 4xx. */
  mayClose: boolean;
  /** The reply to HEAD has no body. */
  bodyless: boolean;
  send(port: number): Promise<Outcome>;
};

type Subject = Target & { violations: readonly Violation[] };
type Kind = (subject: Subject, random: Random) => RawRequest | undefined;

/** None of them can be valid: each has something wrong that nothing else in it mends. */
export function* hostileRequests(
  targets: readonly Target[],
  seed: number,
  count: number,
): Generator<Hostile> {
  const random = randomFrom(seed);
  const subjects = targets.map((target) => ({
    ...target,
    violations: violationsOf(target.operation, target.valid),
  }));
  for (let made = 0; made < count; ) {
    const subject = random.pick(subjects);
    const [kind, make] = random.pick(kinds);
    const request = make(subject, random);
    if (request === undefined) continue;
    made += 1;
    const name = `#${made} ${subject.operation}: ${kind}`;
    if (kind === "broken HTTP") {
      const { name: trick, mayClose, send } = brokenHttp(request, random);
      yield { name: `${name}, ${trick}`, mayClose, bodyless: false, send };
    } else {
      const bodyless = request.method === "HEAD";
      yield { name, mayClose: false, bodyless, send: (port) => send(port, request) };
    }
  }
}

/** One to four violations; the last one stands whatever it does to the others. */
function wrongInput({ valid, violations }: Subject, random: Random): Input {
  const breaks = Array.from({ length: 1 + random.below(4) }, () => random.pick(violations));
  return breaks.reduce((input, { breakIn }) => breakIn(input), valid);
}

const wrong = (subject: Subject, random: Random): RawRequest =>
  requestOf(subject.operation, wrongInput(subject, random));

/** A body besides an input that is right in itself, or, where no body belongs, besides one that is wrong. */
function withBody(subject: Subject, random: Random, body: (json: string) => string | Buffer): RawRequest {
  const input = hasBody(subject.operation) ? subject.valid : wrongInput(subject, random);
  const request = requestOf(subject.operation, input);
  const json = JSON.stringify(bodyOf(subject.operation, input) ?? { a: 1 });
  return { ...request, headers: { "content-type": "application/json" }, body: body(json) };
}

/** Besides a request that is wrong in something else than its query. */
function wrongBeside({ operation, valid, violations }: Subject, random: Random): RawRequest | undefined {
  const aside = inputMembers(operation).filter(({ location }) => location === "querystring");
  const beside = violations.filter(({ member }) => !aside.some(({ name }) => name === member));
  return beside.length === 0 ? undefined : requestOf(operation, random.pick(beside).breakIn(valid));
}

/** A body that is read, refused, and then should be gone. */
function withHugeText(subject: Subject, random: Random): RawRequest | undefined {
  const { body, ...request } = wrong(subject, random);
  if (typeof body !== "string" || body === "{}") return undefined;
  return { ...request, body: `{"ClientToken":${JSON.stringify(hugeText(random))},${body.slice(1)}` };
}

const kinds: readonly (readonly [name: string, make: Kind])[] = [
  ["violations", wrong],
  ["violations", wrong],
  ["violations", wrong],
  ["a wrong piece", (subject, random) => withPiece(subject, withWrongPiece(subject, random))],
  ["a wrong piece", (subject, random) => withPiece(subject, withWrongPiece(subject, random))],
  ["a wrong piece", (subject, random) => withPiece(subject, withWrongPiece(subject, random))],
  ["bottomless", (subject, random) => withPiece(subject, bottomless(subject, random))],
  ["no JSON object", (subject, random) => withBody(subject, random, (json) => broken(json, random))],
  ["no JSON object", (subject, random) => withBody(subject, random, (json) => broken(json, random))],
  [
    "smudged",
    (subject, random) => {
      const { body, ...request } = wrong(subject, random);
      return typeof body === "string" && body !== "{}"
        ? { ...request, body: smudged(body, random) }
        : undefined;
    },
  ],
  ["a huge text", withHugeText],
  ["a huge text", withHugeText],
  [
    "inherited members",
    (subject, random) => {
      const needed = inputMembers(subject.operation).some(
        ({ location, required }) => location === "body" && required,
      );
      return needed ? withBody(subject, random, inherited) : undefined;
    },
  ],
  [
    "a bad label",
    ({ operation, valid }, random) => {
      const target = badLabel(operation, valid, random);
      return target === undefined ? undefined : { ...requestOf(operation, valid), target };
    },
  ],
  [
    "a tricky path",
    (subject, random) => {
      const input = wrongInput(subject, random);
      return {
        ...requestOf(subject.operation, input),
        target: trickyPath(pathOf(subject.operation, input), random),
      };
    },
  ],
  [
    "a strange method",
    (subject, random) => ({ ...wrong(subject, random), method: random.pick(strangeMethods) }),
  ],
  [
    "a bad query",
    ({ operation, valid }, random) => {
      const query = badQuery(operation, random);
      return query === undefined
        ? undefined
        : { ...requestOf(operation, valid), target: `${pathOf(operation, valid)}?${query}` };
    },
  ],
  [
    "an idle query",
    (subject, random) => {
      const request = wrongBeside(subject, random);
      return request && { ...request, target: `${request.target.split("?")[0]}?${idleQuery(random)}` };
    },
  ],
  ["a wrong signature", (subject, random) => withHeaders(wrong(subject, random), wrongSignature(random))],
  ["another content", (subject, random) => withHeaders(wrong(subject, random), otherContent(random))],
  ["nasty headers", (subject, random) => withHeaders(wrong(subject, random), nastyHeaders(random))],
  ["broken HTTP", wrong],
  ["broken HTTP", wrong],
];

const withPiece = ({ operation, valid }: Subject, body: string | undefined): RawRequest | undefined =>
  body === undefined ? undefined : { ...requestOf(operation, valid), body };

const withHeaders = (request: RawRequest, headers: Record<string, string>): RawRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
});
