import {
  abandonTime,
  answerTime,
  count,
  endedBy,
  type Figure,
  handleTime,
  holdTime,
  holdTimeOfAll,
  interactionAndHoldTime,
  interactionTime,
  leftWithin,
  longestWait,
  occupancy,
  serviceLevel,
  share,
  timeOf,
  workTime,
} from "./figures.ts";

export type DimensionV2 = "QUEUE" | "CHANNEL" | "ROUTING_PROFILE";
export type MetricFilterKey = "INITIATION_METHOD" | "DISCONNECT_REASON";

/** A metric of GetMetricDataV2. */
export type MetricV2 = {
  readonly figure: Figure;
  /** What AWS lets it be filtered and grouped by, of what the simulator has. */
  readonly by: readonly DimensionV2[];
  readonly metricFilters?: readonly MetricFilterKey[];
  /** It needs one: LT or LTE so many seconds. */
  readonly threshold?: true;
  /** Of agents and their time, and not of contacts. */
  readonly ofAgents?: true;
};

const everything: readonly DimensionV2[] = ["QUEUE", "CHANNEL", "ROUTING_PROFILE"];

const plain = (figure: Figure): MetricV2 => ({ figure, by: everything });
const byMethod = (figure: Figure): MetricV2 => ({ ...plain(figure), metricFilters: ["INITIATION_METHOD"] });
const inX = (figure: Figure): MetricV2 => ({ ...plain(figure), threshold: true });
/** These know no routing profile at AWS. */
const atItsTime = (figure: Figure): MetricV2 => ({ figure, by: ["QUEUE", "CHANNEL"] });
const ofAgents = (figure: Figure): MetricV2 => ({ figure, by: ["ROUTING_PROFILE"], ofAgents: true });

const queued = count((book) => book.queued);
const handled = count((book) => book.handled);

/** Those of AWS's that the books can give. AWS tells the two timestamps of queued and handled contacts apart; here they agree. */
export const metricsV2 = {
  ABANDONMENT_RATE: plain(
    share(
      (book) => book.abandoned,
      (book) => book.queued,
    ),
  ),
  AGENT_ANSWER_RATE: plain(
    share(
      (book) => book.answered,
      (book) => book.answered + book.missed + book.offersLost,
    ),
  ),
  AGENT_NON_RESPONSE: plain(count((book) => book.missed + book.offersLost)),
  AGENT_NON_RESPONSE_WITHOUT_CUSTOMER_ABANDONS: plain(count((book) => book.missed)),
  AGENT_OCCUPANCY: ofAgents(occupancy),
  AVG_ABANDON_TIME: byMethod(abandonTime.mean),
  AVG_AFTER_CONTACT_WORK_TIME: byMethod(workTime.mean),
  AVG_HANDLE_TIME: plain(handleTime.mean),
  AVG_HOLD_TIME: plain(holdTime.mean),
  AVG_HOLD_TIME_ALL_CONTACTS: plain(holdTimeOfAll.mean),
  AVG_INTERACTION_AND_HOLD_TIME: plain(interactionAndHoldTime.mean),
  AVG_INTERACTION_TIME: byMethod(interactionTime.mean),
  AVG_QUEUE_ANSWER_TIME: plain(answerTime.mean),
  CONTACTS_ABANDONED: byMethod(count((book) => book.abandoned)),
  CONTACTS_CREATED: byMethod(count((book) => book.created)),
  CONTACTS_HANDLED: {
    // How a contact ended is known once it has.
    figure: (figures) =>
      figures.reasons === null ? handled(figures) : count(endedBy("handledUntil"))(figures),
    by: everything,
    metricFilters: ["INITIATION_METHOD", "DISCONNECT_REASON"],
  },
  CONTACTS_HANDLED_BY_CONNECTED_TO_AGENT: { ...atItsTime(handled), metricFilters: ["INITIATION_METHOD"] },
  CONTACTS_HOLD_ABANDONS: plain(count((book) => book.holdAbandons)),
  CONTACTS_PUT_ON_HOLD: plain(count((book) => book.held)),
  CONTACTS_QUEUED: plain(queued),
  CONTACTS_QUEUED_BY_ENQUEUE: atItsTime(queued),
  CONTACTS_REMOVED_FROM_QUEUE_IN_X: inX(count(leftWithin("answered", "abandoned", "callback"))),
  CONTACTS_TRANSFERRED_OUT: plain(count((book) => book.transferredOut)),
  CONTACTS_TRANSFERRED_OUT_BY_AGENT: plain(
    count((book) => book.transferredOut - book.transferredOutFromQueue),
  ),
  CONTACTS_TRANSFERRED_OUT_FROM_QUEUE: plain(count((book) => book.transferredOutFromQueue)),
  MAX_QUEUED_TIME: plain(longestWait),
  SERVICE_LEVEL: inX(serviceLevel),
  SUM_AFTER_CONTACT_WORK_TIME: plain(workTime.sum),
  SUM_CONTACT_TIME_AGENT: ofAgents(timeOf("contactMs")),
  SUM_CONTACTS_ABANDONED_IN_X: inX(count(leftWithin("abandoned"))),
  SUM_CONTACTS_ANSWERED_IN_X: inX(count(leftWithin("answered"))),
  SUM_CONTACTS_DISCONNECTED: {
    ...plain(count(endedBy("disconnected"))),
    metricFilters: ["DISCONNECT_REASON"],
  },
  SUM_HANDLE_TIME: plain(handleTime.sum),
  SUM_HOLD_TIME: plain(holdTimeOfAll.sum),
  SUM_IDLE_TIME_AGENT: ofAgents(timeOf("idleMs")),
  SUM_INTERACTION_AND_HOLD_TIME: plain(interactionAndHoldTime.sum),
  SUM_INTERACTION_TIME: plain(interactionTime.sum),
} as const satisfies Record<string, MetricV2>;

export type MetricNameV2 = keyof typeof metricsV2;
