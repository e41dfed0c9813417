import {
  DeleteParameterCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { parameterOf, secretsIn } from "../lib/subscribers/signature.ts";
import { Failure } from "./failure.ts";

/** The secrets of one subscriber, as a SecureString of the parameter store, the newest first. */
export class SubscriberSecrets {
  private readonly client: SSMClient;
  private readonly name: string;

  constructor(client: SSMClient, name: string) {
    this.client = client;
    this.name = name;
  }

  async put(secrets: string[]): Promise<void> {
    await this.client.send(
      new PutParameterCommand({
        Name: this.name,
        Value: parameterOf(secrets),
        Type: "SecureString",
        Overwrite: true,
      }),
    );
  }

  async get(): Promise<string[]> {
    try {
      const { Parameter } = await this.client.send(
        new GetParameterCommand({ Name: this.name, WithDecryption: true }),
      );
      return secretsIn(Parameter?.Value);
    } catch (error) {
      if (error instanceof ParameterNotFound)
        throw new Failure(
          "not-found",
          `There is no secret at ${this.name}: remove the subscriber, and add it again.`,
        );
      throw error;
    }
  }

  /** Also when there is none. */
  async remove(): Promise<void> {
    try {
      await this.client.send(new DeleteParameterCommand({ Name: this.name }));
    } catch (error) {
      if (!(error instanceof ParameterNotFound)) throw error;
    }
  }
}
