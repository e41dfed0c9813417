import { describe, expect, it } from "vitest";
import { searchedFactsOf, userFactsOf } from "../../../lib/connect/user-shapes.connect.ts";

describe("what Connect tells of a user", () => {
  const told = {
    IdentityInfo: { FirstName: "Ana", LastName: "Ruiz", Email: "", SecondaryEmail: "", Mobile: "" },
    PhoneConfig: {
      PhoneType: "SOFT_PHONE" as const,
      AutoAccept: false,
      AfterContactWorkTimeLimit: 30_000,
      DeskPhoneNumber: "",
    },
    RoutingProfileId: "r",
    SecurityProfileIds: ["s"],
    HierarchyGroupId: "",
  };
  const facts = {
    identity: { firstName: "Ana", lastName: "Ruiz" },
    phone: { type: "SOFT_PHONE", autoAccept: false, afterContactWorkSeconds: 30_000 },
    routingProfileId: "r",
    securityProfileIds: ["s"],
  };

  it("is not set where it is an empty text", () => {
    expect(userFactsOf(told)).toEqual(facts);
  });

  it("has the work after a contact in milliseconds where it was searched for, and in seconds else", () => {
    const { DeskPhoneNumber: _, ...PhoneConfig } = told.PhoneConfig;
    expect(searchedFactsOf({ ...told, PhoneConfig }).phone).toEqual({
      ...facts.phone,
      afterContactWorkSeconds: 30,
    });
  });
});
