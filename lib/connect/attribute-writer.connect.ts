import { type ConnectClient, UpdateContactAttributesCommand } from "@aws-sdk/client-connect";
import type { AttributeWriter, WriteAnswer } from "./contact-centre.ts";
import { failureOf } from "./failure.ts";
import { answerTo } from "./start-errors.ts";

const unknownContact: ReadonlySet<string> = new Set([
  "ResourceNotFoundException",
  "ContactNotFoundException",
]);

/** UpdateContactAttributes sets what it is given and may be repeated as one likes. */
export class ConnectAttributeWriter implements AttributeWriter {
  private readonly client: ConnectClient;
  private readonly instanceId: string;

  constructor(client: ConnectClient, instanceId: string) {
    this.client = client;
    this.instanceId = instanceId;
  }

  async write(contactId: string, attributes: Record<string, string>): Promise<WriteAnswer> {
    try {
      await this.client.send(
        new UpdateContactAttributesCommand({
          InstanceId: this.instanceId,
          // Our calls begin their chain of contacts, and all of a chain share its attributes.
          InitialContactId: contactId,
          Attributes: attributes,
        }),
      );
      return { kind: "written" };
    } catch (error) {
      const failure = failureOf(error);
      const answer = answerTo(failure);
      // To a call a limit may be over soon; to attributes it is one of their size.
      if (answer.kind === "not-now" && answer.why === "active-calls")
        return { kind: "refused", reason: failure.name, gone: false };
      if (answer.kind === "refused") return { ...answer, gone: unknownContact.has(failure.name) };
      if (answer.kind === "unclear") return { kind: "unclear" };
      if (answer.why === "not-authorised") throw error;
      return { kind: answer.why === "unreachable" ? "unclear" : "not-now" };
    }
  }
}
