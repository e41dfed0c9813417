import { type ConnectClient, type Contact, DescribeContactCommand } from "@aws-sdk/client-connect";
import type { ContactFacts, ContactLookup, Description } from "./contact-centre.ts";
import { failureOf } from "./failure.ts";

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
      const { name } = failureOf(error);
      if (name === "ResourceNotFoundException" || name === "ContactNotFoundException")
        return { kind: "not-found" };
      if (
        error instanceof Error &&
        name !== "InvalidRequestException" &&
        name !== "InvalidParameterException"
      ) {
        return { kind: "not-now" };
      }
      throw error;
    }
  }
}

function factsOf(contactId: string, contact: Contact): ContactFacts {
  return {
    contactId,
    initiationMethod: contact.InitiationMethod,
    attributes: contact.Attributes ?? {},
    disconnectReason: contact.DisconnectReason,
    connectedAt: contact.ConnectedToSystemTimestamp?.toISOString(),
    agentConnectedAt: contact.AgentInfo?.ConnectedToAgentTimestamp?.toISOString(),
    disconnectedAt: contact.DisconnectTimestamp?.toISOString(),
    answeringMachineDetectionStatus: contact.AnsweringMachineDetectionStatus,
  };
}
