import {
  type CallRequest,
  ContactAutomation,
  InvalidMessages,
  type Progress,
  type UserCommand,
} from "contact-automation/client";

const [callRequests, stopRequests, attributeUpdates, userCommands] = process.argv.slice(2);
const client = new ContactAutomation({
  queueUrls: { callRequests, stopRequests, attributeUpdates, userCommands },
});

const request: CallRequest = {
  requestId: "r-1",
  destination: "+12065550100",
  attributes: { case: "A-1001" },
  references: { case: { type: "URL", value: "https://crm.example.com/cases/1001" } },
  retry: { attempts: 3, after: { busy: "PT5M" } },
};
const calls: string[] = await client.requestCall([request, { ...request, requestId: "r-2" }]);
const stops = await client.stop({ stopId: "s-1", campaignId: "spring-2026" });
const updates = await client.updateAttributes({
  updateId: "u-1",
  requestId: "r-1",
  attributes: { vip: "yes" },
});
const ana: UserCommand = {
  commandId: "hr-1",
  username: "ana",
  user: {
    identity: { firstName: "Ana", lastName: "Ruiz" },
    phone: { type: "SOFT_PHONE", autoAccept: false, afterContactWorkSeconds: 30 },
    routingProfile: "Basic Routing Profile",
    securityProfiles: ["Agent"],
    tags: { team: "night" },
    active: true,
  },
  source: "hr",
};
const commands = await client.commandUsers(ana);
const progress: Progress = await client.requestCalls([]);
if (progress.sent !== 0) throw new Error("nothing was to be sent");

/** Never called: what the types must not let through. */
export const wrong = () => [
  // @ts-expect-error a call request has a requestId
  client.requestCall({ destination: "+12065550100" }),
  // @ts-expect-error a misspelt field is noticed
  client.requestCall({ ...request, trafictype: "GENERAL" }),
  // @ts-expect-error one of two words
  client.requestCall({ ...request, onUnknown: "again" }),
  // @ts-expect-error attributes are text
  client.requestCall({ ...request, attributes: { age: 7 } }),
  // @ts-expect-error exactly one target
  client.stop({ requestId: "r-1", campaignId: "spring-2026" }),
  // @ts-expect-error exactly one target
  client.updateAttributes({ attributes: { vip: "yes" } }),
  // @ts-expect-error a user as it is to be, or that there is to be none
  client.commandUsers({ username: "ana" }),
  // @ts-expect-error all of a user is said
  client.commandUsers({ ...ana, user: { active: false } }),
];

const refused: unknown = await client
  .requestCall({ requestId: "r-3", destination: "+1206" })
  .catch((error) => error);
if (!(refused instanceof InvalidMessages && refused.messages[0]?.id === "r-3")) throw refused;

process.stdout.write(JSON.stringify([...calls, ...stops, ...updates, ...commands]));
