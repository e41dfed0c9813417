import { operationOf, shapeOf } from "./model.ts";

/** The members of an operation's reply, at every depth; a shape inside itself is not entered again. */
export function replyMembers(operation: string): Set<string> {
  const found = new Set<string>();
  const { output } = operationOf(operation);
  if (output !== undefined) walk(output, "", [], undefined, found, false);
  return found;
}

/** Those of them that a body has. */
export function membersIn(operation: string, body: unknown): Set<string> {
  const found = new Set<string>();
  const { output } = operationOf(operation);
  if (output !== undefined && body !== undefined) walk(output, "", [], body, found, true);
  return found;
}

function walk(
  shapeName: string,
  path: string,
  inside: readonly string[],
  value: unknown,
  found: Set<string>,
  onlyGiven: boolean,
): void {
  if (inside.includes(shapeName)) return;
  const shape = shapeOf(shapeName);
  const within = [...inside, shapeName];
  if (shape.type === "structure") {
    for (const [name, member] of Object.entries(shape.members)) {
      const inner = (value as Record<string, unknown> | undefined)?.[name];
      if (onlyGiven && inner === undefined) continue;
      const innerPath = path === "" ? name : `${path}.${name}`;
      found.add(innerPath);
      walk(member.shape, innerPath, within, inner, found, onlyGiven);
    }
  } else if (shape.type === "list" || shape.type === "map") {
    const inner = shape.type === "list" ? shape.member.shape : shape.value.shape;
    const items = onlyGiven ? Object.values(value as object) : [undefined];
    for (const item of items) walk(inner, `${path}[]`, within, item, found, onlyGiven);
  }
}

/** Without those below one that is missing too. */
export const uppermost = (paths: readonly string[]): string[] =>
  paths.filter(
    (path) => !paths.some((other) => path.startsWith(`${other}.`) || path.startsWith(`${other}[`)),
  );

/** What no reply of the simulator has; what is below these neither. */
export const neverGiven: Readonly<Record<string, readonly string[]>> = {
  DescribeContact: [
    "Contact.ContactAssociationId",
    "Contact.AgentInfo.AcceptedByAgentTimestamp",
    "Contact.AgentInfo.PreviewEndTimestamp",
    "Contact.AgentInfo.AgentPauseDurationInSeconds",
    "Contact.AgentInfo.DeviceInfo",
    "Contact.AgentInfo.Capabilities",
    "Contact.AgentInfo.StateTransitions",
    "Contact.AgentInfo.VoiceEnhancementMode",
    "Contact.LastPausedTimestamp",
    "Contact.LastResumedTimestamp",
    "Contact.RingStartTimestamp",
    "Contact.TotalPauseCount",
    "Contact.TotalPauseDurationInSeconds",
    "Contact.ScheduledTimestamp",
    "Contact.WisdomInfo",
    "Contact.CustomerId",
    "Contact.CustomerEndpoint.DisplayName",
    "Contact.SystemEndpoint.DisplayName",
    "Contact.QueueTimeAdjustmentSeconds",
    "Contact.QueuePriority",
    "Contact.RoutingCriteria",
    "Contact.Customer",
    "Contact.CustomerVoiceActivity",
    "Contact.QualityMetrics",
    "Contact.ChatMetrics",
    "Contact.DisconnectDetails",
    "Contact.AdditionalEmailRecipients",
    "Contact.SegmentAttributes",
    "Contact.Recordings",
    "Contact.ContactEvaluations",
    "Contact.TaskTemplateInfo",
    "Contact.ContactDetails",
    "Contact.OutboundStrategy",
    "Contact.NextContacts",
    "Contact.GlobalResiliencyMetadata",
  ],
  ListPhoneNumbersV2: [
    "ListPhoneNumbersSummaryList[].PhoneNumberDescription",
    "ListPhoneNumbersSummaryList[].SourcePhoneNumberArn",
  ],
  DescribeInstance: ["Instance.StatusReason", "Instance.Tags", "ReplicationConfiguration"],
  GetCurrentMetricData: [
    "MetricResults[].Dimensions.RoutingStepExpression",
    "MetricResults[].Dimensions.Subtype",
    "MetricResults[].Dimensions.ValidationTestType",
    "MetricResults[].Collections[].Metric.MetricId",
  ],
  GetMetricData: [
    "MetricResults[].Dimensions.RoutingStepExpression",
    "MetricResults[].Dimensions.AgentStatus",
    "MetricResults[].Dimensions.Subtype",
    "MetricResults[].Dimensions.ValidationTestType",
  ],
  GetMetricDataV2: ["MetricResults[].Collections[].Metric.MetricId"],
};
