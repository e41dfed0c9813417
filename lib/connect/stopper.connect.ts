import { type ConnectClient, StopContactCommand } from "@aws-sdk/client-connect";
import type { StopAnswer, Stopper } from "./contact-centre.ts";
import { failureOf } from "./failure.ts";
import { answerTo, isOnTheWay } from "./start-errors.ts";

/** StopContact may be repeated as one likes: the second one finds the contact ended. */
export class ConnectStopper implements Stopper {
  private readonly client: ConnectClient;
  private readonly instanceId: string;

  constructor(client: ConnectClient, instanceId: string) {
    this.client = client;
    this.instanceId = instanceId;
  }

  async stop(contactId: string): Promise<StopAnswer> {
    try {
      await this.client.send(new StopContactCommand({ InstanceId: this.instanceId, ContactId: contactId }));
      return "stopped";
    } catch (error) {
      const failure = failureOf(error);
      if (failure.name === "ContactNotFoundException" || failure.name === "ResourceNotFoundException")
        return "over";
      const answer = answerTo(failure);
      if (answer.kind === "not-now" && answer.why !== "not-authorised") return "not-now";
      if (answer.kind === "unclear" && isOnTheWay(failure)) return "unclear";
      throw error;
    }
  }
}
