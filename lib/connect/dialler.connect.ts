import {
  type ConnectClient,
  StartOutboundVoiceContactCommand,
  type StartOutboundVoiceContactCommandInput,
} from "@aws-sdk/client-connect";
import type { DialOrder } from "../contacts/call-record.ts";
import type { DialAnswer, Dialler } from "./contact-centre.ts";
import { failureOf } from "./failure.ts";
import { answerTo } from "./start-errors.ts";

/**
 * The client must make exactly one HTTP attempt, with enforced timeouts: the SDK's own retry could place a second call
 * with a token that Connect has already forgotten.
 */
export class ConnectDialler implements Dialler {
  private readonly client: ConnectClient;
  private readonly instanceId: string;

  constructor(client: ConnectClient, instanceId: string) {
    this.client = client;
    this.instanceId = instanceId;
  }

  async dial(order: DialOrder): Promise<DialAnswer> {
    try {
      const { ContactId } = await this.client.send(new StartOutboundVoiceContactCommand(this.inputOf(order)));
      if (!ContactId) return { kind: "unclear", reason: "Connect answered without a ContactId" };
      return { kind: "accepted", contactId: ContactId };
    } catch (error) {
      return answerTo(failureOf(error));
    }
  }

  private inputOf(order: DialOrder): StartOutboundVoiceContactCommandInput {
    const detection = order.answerMachineDetection;
    return {
      InstanceId: this.instanceId,
      DestinationPhoneNumber: order.destination,
      ContactFlowId: order.contactFlowId,
      ClientToken: order.clientToken,
      Attributes: order.attributes,
      QueueId: order.queueId,
      SourcePhoneNumber: order.sourcePhoneNumber,
      Name: order.name,
      Description: order.description,
      RelatedContactId: order.relatedContactId,
      RingTimeoutInSeconds: order.ringTimeoutSeconds,
      TrafficType: order.trafficType,
      CampaignId: order.campaignId,
      References:
        order.references &&
        Object.fromEntries(
          Object.entries(order.references).map(([name, { type, value }]) => [
            name,
            { Type: type, Value: value },
          ]),
        ),
      AnswerMachineDetectionConfig: detection && {
        EnableAnswerMachineDetection: detection.enabled,
        AwaitAnswerMachinePrompt: detection.awaitPrompt,
      },
    };
  }
}
