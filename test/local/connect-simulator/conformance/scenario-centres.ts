import type { ConnectSimulatorOptions } from "../../../../local/connect-simulator/simulator.ts";
import { anInstance, type InstanceInput } from "../operations/support.ts";

/** One instance: without users, with two levels of groups, EMEA and Madrid below it. */
export const inCentre = (instance: InstanceInput = {}): ConnectSimulatorOptions => ({
  centre: { instances: [anInstance(instance)] },
});

/** Groups one below the other; the lowest has the id `site`. */
export const fiveLevels: NonNullable<InstanceInput["hierarchy"]> = {
  levels: ["Continent", "Country", "Region", "City", "Site"],
  groups: [
    {
      name: "Europe",
      groups: [
        {
          name: "Spain",
          groups: [
            {
              name: "Centre",
              groups: [{ name: "Madrid", id: "city", groups: [{ name: "Sol", id: "site" }] }],
            },
          ],
        },
      ],
    },
  ],
};

/** The way down to it. */
export const place = ["Europe", "Spain", "Centre", "Madrid", "Sol"];
