import { SqsIntake } from "../intake/intake.sqs.ts";
import { sqs } from "./clients.ts";
import { loggable, logger } from "./log.ts";

interface QueueUrls {
  CALL_REQUESTS_QUEUE_URL: string;
  STOP_REQUESTS_QUEUE_URL: string;
  ATTRIBUTE_UPDATES_QUEUE_URL: string;
}

/** The queues that producers send to; why one of them did not take a message is logged. */
export const intakeOf = (settings: QueueUrls): SqsIntake =>
  new SqsIntake(
    sqs(),
    {
      "call-request": settings.CALL_REQUESTS_QUEUE_URL,
      "stop-request": settings.STOP_REQUESTS_QUEUE_URL,
      "attribute-update": settings.ATTRIBUTE_UPDATES_QUEUE_URL,
    },
    (error) => logger.warn("A queue did not take every message", loggable(error)),
  );
