import { type ContactView, startConnectSimulator } from "../../local/connect-simulator/simulator.ts";
import { busyCentre } from "./centres.ts";
import type { Day } from "./day.ts";

/** A day of the busy centre, with as many queues as the argument says; its figures go to the parent. */
const queues = Number(process.argv[2]);
let events = 0;
let records = 0;
const simulator = await startConnectSimulator({
  centre: busyCentre(queues),
  speed: 0,
  startAt: new Date("2026-11-23T00:00:00Z"),
  deliverEvent: async () => {
    events += 1;
  },
  deliverRecord: async () => {
    records += 1;
  },
});

const begun = performance.now();
for (let hour = 0; hour < 24; hour += 1) await simulator.clock({ advanceSeconds: 3600 });
const seconds = (performance.now() - begun) / 1000;

const contacts = simulator.contacts();
const count = (is: (contact: ContactView) => boolean) => contacts.filter(is).length;
const day: Day = {
  queues,
  seconds,
  contacts: contacts.length,
  inbound: count(({ initiationMethod }) => initiationMethod === "INBOUND"),
  events,
  records,
  rssMB: process.memoryUsage.rss() / 1e6,
};
process.send?.(day);
await simulator.stop();
