import type { ConnectSimulator } from "../../../local/connect-simulator/simulator.ts";

/** A kind of request to DynamoDB: those that contain `text`. */
export interface Write {
  operation: string;
  text: string;
}

/** What came of one fault. */
export interface Outcome {
  /** How often the customer was called: contacts that Connect has of it. */
  calls: number;
  /** Those of them that were ended by a StopContact. */
  stopped: number;
  /** Messages that the function itself gave back, to be delivered again. */
  handedBack: number;
  /** Invocations that ended because their time was up. */
  cutOff: number;
  /** Messages in the dead-letter queue. */
  deadLettered: number;
  /** What the producer was told of it, in that order; nothing where nobody is told. */
  told: string[];
  /** Whether all is over: no message waits, and nothing is left open. */
  settled: boolean;
}

/** Ours or the recipe, in the same laboratory, while one fault happens to it. */
export interface Side {
  name: "ours" | "recipe";
  /** The writes at which something can happen, as this side makes them. */
  writes: {
    /** Before the call. */
    claim: Write;
    /** After the call. */
    record: Write;
  };
  /** Puts a message into the queue of call requests, as a producer does. */
  send(body: unknown): Promise<void>;
  /** Delivers these messages in an invocation of their own, past the queue: as SQS does that delivers twice. */
  invoke(...bodies: unknown[]): Promise<void>;
  /** Delivers all that can be seen in the queues, until there is nothing. */
  deliver(): Promise<void>;
  /** Tells that the call of this request is not wanted any more, as a producer does. */
  stop(requestId: string): Promise<void>;
  /** Sends a call request as a webhook. */
  webhook(deliveryId: string, body: unknown): Promise<void>;
  /** SIGKILL to whoever is in an invocation. */
  kill(): void;
  outcome(): Promise<Outcome>;
  end(): Promise<void>;
}

/** The contacts that came of one fault. */
export function callsIn(connect: ConnectSimulator, name: string) {
  return connect
    .contacts()
    .filter(({ attributes }) => attributes["case"] === name)
    .map(({ contactId, disconnectReason }) => ({
      contactId,
      wasStopped: disconnectReason === "TELECOM_ORIGINATOR_CANCEL",
    }));
}
