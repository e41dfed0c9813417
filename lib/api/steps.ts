import type { DialDefaults } from "../contacts/call-request.ts";
import type { HttpAnswer, HttpRequest } from "../http/http.ts";
import type { Intake } from "../intake/intake.ts";
import type { RecordReader } from "./record-reader.ts";

/** All that the API can touch. */
export interface ApiSteps {
  intake: Intake;
  records: RecordReader;
  /** What a call request may leave out in this deployment. */
  defaults: DialDefaults;
  now(): number;
  /** For what comes without an id. */
  newId(): string;
}

/** The story of one route. */
export type Answering = (request: HttpRequest, steps: ApiSteps) => Promise<HttpAnswer>;
