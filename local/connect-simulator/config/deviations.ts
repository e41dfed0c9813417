import * as v from "valibot";

const badInput = v.picklist(["InvalidRequestException", "InvalidParameterException"]);

/** What AWS leaves undocumented: the README's "Deviations and unknowns" says what each is about. */
export const deviationsSchema = v.strictObject({
  tokenAfterDisconnect: v.optional(v.picklist(["new-contact", "same-contact"]), "new-contact"),
  throttlingError: v.optional(
    v.picklist(["TooManyRequestsException", "ThrottlingException"]),
    "TooManyRequestsException",
  ),
  activeCallsExceeded: v.optional(v.picklist(["refused", "fast-busy"]), "refused"),
  describeContactWhileRinging: v.optional(v.picklist(["found", "not-found"]), "found"),
  samlEmail: v.optional(v.picklist(["refused", "required", "allowed"]), "refused"),
  hierarchyWithoutGroup: v.optional(v.picklist(["clears", "refused"]), "clears"),
  attributesTooLarge: v.optional(badInput, "InvalidRequestException"),
  stopOfEndedTask: v.optional(v.picklist(["accepted", "refused"]), "accepted"),
  metricToken: v.optional(badInput, "InvalidParameterException"),
  ungroupedDimensions: v.optional(v.picklist(["absent", "empty"]), "absent"),
  /** Real hours that the tokens of GetFederationToken live. */
  federationHours: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(12)), 12),
  metricsEndInTheFuture: v.optional(v.picklist(["refused", "allowed"]), "refused"),
  historyWithoutData: v.optional(v.picklist(["omitted", "zero"]), "omitted"),
  /** Real seconds until a new user is found by DescribeUser and the Update operations. */
  userVisibleAfterSeconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(3600)), 0),
});

export type Deviations = v.InferOutput<typeof deviationsSchema>;
export type DeviationsInput = v.InferInput<typeof deviationsSchema>;
export const defaultDeviations: Deviations = v.parse(deviationsSchema, {});
