import { packagedService } from "../../local/stack/packaged-service.ts";

/** What is tested is what would be deployed: the tests of the whole stack run the packaged bundles. */
export async function setup(): Promise<void> {
  await packagedService(process.cwd(), (line) => void process.stderr.write(`${line}\n`));
}
