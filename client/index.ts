export { type CampaignOptions, ContactAutomation, type Progress, type Steps } from "./contact-automation.ts";
export { type InvalidMessage, InvalidMessages, NotSent, type UnsentMessage } from "./errors.ts";
export type { AttributeUpdate, CallRequest, StopRequest, UserCommand } from "./inputs.ts";
export type { Deployment, QueueUrls } from "./queue-urls.ts";
