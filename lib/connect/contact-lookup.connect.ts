import { type ConnectClient, type Contact, DescribeContactCommand } from "@aws-sdk/client-connect";
import type { ContactFacts, ContactLookup, Description } from "./contact-centre.ts";
import { failureOf } from "./failure.ts";
import { answerTo } from "./start-errors.ts";

/** The last two tell that the id is none that Connect could have given. */
const unknownContact: ReadonlySet<string> = new Set([
  "ResourceNotFoundException",
  "ContactNotFoundException",
  "InvalidRequestException",
  "InvalidParameterException",
]);

export class ConnectContactLookup implements ContactLookup {
  private readonly client: ConnectClient;
  private readonly instanceId: string;

  constructor(client: ConnectClient, instanceId: string) {
    this.client = client;
    this.instanceId = instanceId;
  }

  async describe(contactId: string): Promise<Description> {
    try {
      const { Contact } = await this.client.send(
        new DescribeContactCommand({ InstanceId: this.instanceId, ContactId: contactId }),
      );
      return Contact ? { kind: "found", contact: factsOf(contactId, Contact) } : { kind: "not-found" };
    } catch (error) {
      const failure = failureOf(error);
      if (unknownContact.has(failure.name)) return { kind: "not-found" };
      const answer = answerTo(failure);
      // Ours to mend: asking again would get the same answer.
      if (!(error instanceof Error) || answer.kind === "refused") throw error;
      if (answer.kind === "not-now" && answer.why === "not-authorised") throw error;
      return { kind: "not-now" };
    }
  }
}

function factsOf(contactId: string, contact: Contact): ContactFacts {
  return {
    contactId,
    initialContactId: contact.InitialContactId,
    initiationMethod: contact.InitiationMethod,
    attributes: contact.Attributes ?? {},
    disconnectReason: contact.DisconnectReason,
    connectedAt: contact.ConnectedToSystemTimestamp?.toISOString(),
    agentConnectedAt: contact.AgentInfo?.ConnectedToAgentTimestamp?.toISOString(),
    disconnectedAt: contact.DisconnectTimestamp?.toISOString(),
    answeringMachineDetectionStatus: contact.AnsweringMachineDetectionStatus,
  };
}
