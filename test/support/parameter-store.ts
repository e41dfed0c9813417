import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SSMClient } from "@aws-sdk/client-ssm";

/** GetParameter with decryption on the wire, and nothing else; counts how often it is asked. */
export async function startParameterStore() {
  const parameters = new Map<string, string>();
  let reads = 0;
  let isDown = false;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      reads += 1;
      const { Name, WithDecryption } = JSON.parse(Buffer.concat(chunks).toString());
      const Value = WithDecryption === true ? parameters.get(Name) : "ciphertext";
      const answer = (status: number, body: object) => {
        response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify(body));
      };
      if (isDown) answer(500, { __type: "InternalServerError" });
      else if (Value === undefined) answer(400, { __type: "ParameterNotFound" });
      else answer(200, { Parameter: { Name, Value } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const client = new SSMClient({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: "stand-in", secretAccessKey: "stand-in" },
    maxAttempts: 1,
  });
  return {
    client,
    parameters,
    reads: () => reads,
    down: (whether: boolean) => {
      isDown = whether;
    },
    async stop() {
      client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type ParameterStore = Awaited<ReturnType<typeof startParameterStore>>;
