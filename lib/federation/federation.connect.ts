import { type ConnectClient, GetFederationTokenCommand } from "@aws-sdk/client-connect";
import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import { failureOf } from "../connect/failure.ts";
import type { Federation, Pass, SignIn, SignInRefusal } from "./federation.ts";

export interface SessionCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

interface Clients {
  sts: STSClient;
  /** A client of its own for each session, which is destroyed after the one call. */
  connectAs(credentials: SessionCredentials): ConnectClient;
}

interface Where {
  roleArn: string;
  instanceId: string;
}

/** The least that STS takes, and more than one call needs. */
const sessionSeconds = 900;

const refusalsOfRole: Record<string, SignInRefusal> = {
  AccessDenied: "role-refused",
  // The name has been checked, so it is the ARN.
  ValidationError: "role-refused",
};
const refusalsOfConnect: Record<string, SignInRefusal> = {
  UserNotFoundException: "no-such-user",
  DuplicateResourceException: "duplicate-user",
  InvalidRequestException: "wrong-instance",
  InvalidParameterException: "wrong-instance",
  ResourceNotFoundException: "wrong-instance",
  AccessDeniedException: "not-permitted",
};

/** Connect signs in whom the session of the caller is named after. */
export class ConnectFederation implements Federation {
  private readonly clients: Clients;
  private readonly where: Where;

  constructor(clients: Clients, where: Where) {
    this.clients = clients;
    this.where = where;
  }

  async signIn(username: string): Promise<SignIn> {
    const session = await orRefusal(this.sessionOf(username), refusalsOfRole);
    if ("kind" in session) return session;
    const connect = this.clients.connectAs(session);
    try {
      const pass = await orRefusal(this.passWith(connect), refusalsOfConnect);
      return "kind" in pass ? pass : { kind: "signed-in", pass };
    } finally {
      connect.destroy();
    }
  }

  private async sessionOf(username: string): Promise<SessionCredentials> {
    const { Credentials } = await this.clients.sts.send(
      new AssumeRoleCommand({
        RoleArn: this.where.roleArn,
        RoleSessionName: username,
        DurationSeconds: sessionSeconds,
      }),
    );
    return {
      accessKeyId: present(Credentials?.AccessKeyId),
      secretAccessKey: present(Credentials?.SecretAccessKey),
      sessionToken: present(Credentials?.SessionToken),
    };
  }

  private async passWith(connect: ConnectClient): Promise<Pass> {
    const { Credentials, SignInUrl, UserId } = await connect.send(
      new GetFederationTokenCommand({ InstanceId: this.where.instanceId }),
    );
    return {
      userId: present(UserId),
      signInUrl: present(SignInUrl),
      credentials: {
        accessToken: present(Credentials?.AccessToken),
        accessTokenExpiresAt: present(Credentials?.AccessTokenExpiration).toISOString(),
        refreshToken: present(Credentials?.RefreshToken),
        refreshTokenExpiresAt: present(Credentials?.RefreshTokenExpiration).toISOString(),
      },
    };
  }
}

/** @throws what is no refusal */
async function orRefusal<T extends object>(
  work: Promise<T>,
  refusals: Record<string, SignInRefusal>,
): Promise<T | { kind: SignInRefusal }> {
  try {
    return await work;
  } catch (error) {
    const { name, status } = failureOf(error);
    // STS says it with status 400.
    const isThrottled = status === 429 || name.startsWith("Throttling");
    const kind = isThrottled ? "busy" : refusals[name];
    if (kind === undefined) throw error;
    return { kind };
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the answer is not whole");
  return value;
}
