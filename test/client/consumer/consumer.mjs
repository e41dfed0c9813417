import { ContactAutomation, InvalidMessages, NotSent } from "contact-automation/client";

const [callRequests, stopRequests, attributeUpdates, userCommands] = process.argv.slice(2);
const client = new ContactAutomation({
  queueUrls: { callRequests, stopRequests, attributeUpdates, userCommands },
});

const calls = await client.requestCall([
  { requestId: "r-1", destination: "+12065550100", attributes: { case: "A-1001" } },
  { requestId: "r-2", destination: "(206) 555-0101", destinationCountry: "US" },
]);
const stops = await client.stop({ stopId: "s-1", campaignId: "spring-2026" });
const updates = await client.updateAttributes({
  updateId: "u-1",
  requestId: "r-1",
  attributes: { vip: "yes" },
});
const commands = await client.commandUsers({ commandId: "hr-1", username: "ana", delete: true });

const refused = await client.requestCall({ requestId: "r-3", destination: "+1206" }).catch((error) => error);
if (!(refused instanceof InvalidMessages) || refused instanceof NotSent) throw refused;

process.stdout.write(JSON.stringify([...calls, ...stops, ...updates, ...commands]));
