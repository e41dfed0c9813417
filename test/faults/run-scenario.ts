import type { Lab } from "../support/faults/lab.ts";
import type { Outcome, Side } from "../support/faults/side.ts";
import { pass, type Scenario, visibility } from "./scenario.ts";

/** As many as it takes to use up the deliveries of a message, and to pass the deadline of an unknown call. */
const mostPasses = 10;

/** Lets a fault happen to a side, and time go by until all is over. */
export async function run(
  scenario: Scenario,
  name: string,
  { lab, side, connect }: { lab: Lab; side: Side; connect: Lab["connect"]["forgets"] },
): Promise<Outcome> {
  const request = (fields = {}) => ({
    requestId: name,
    destination: "+12065550150",
    attributes: { case: name },
    ...fields,
  });
  try {
    await scenario.happen({ lab, side, request, connect });
    await pass({ lab, side }, visibility);
    for (let passes = 0; passes < mostPasses && !(await side.outcome()).settled; passes += 1)
      await pass({ lab, side }, visibility);
    return await side.outcome();
  } finally {
    connect.events({});
    connect.reset();
    await side.end();
  }
}
