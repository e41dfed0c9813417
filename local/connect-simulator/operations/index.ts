import type { Operation } from "../wire/operation.ts";
import { createUser } from "./create-user.ts";
import { createUserHierarchyGroup } from "./create-user-hierarchy-group.ts";
import { deleteUser } from "./delete-user.ts";
import { describeContact } from "./describe-contact.ts";
import { describeInstance } from "./describe-instance.ts";
import { describeUser } from "./describe-user.ts";
import { describeUserHierarchyGroup } from "./describe-user-hierarchy-group.ts";
import { describeUserHierarchyStructure } from "./describe-user-hierarchy-structure.ts";
import { getContactAttributes } from "./get-contact-attributes.ts";
import { getCurrentMetricData } from "./get-current-metric-data.ts";
import { getFederationToken } from "./get-federation-token.ts";
import { getMetricData } from "./get-metric-data.ts";
import { getMetricDataV2 } from "./get-metric-data-v2.ts";
import { listContactFlows } from "./list-contact-flows.ts";
import { listInstances } from "./list-instances.ts";
import { listPhoneNumbersV2 } from "./list-phone-numbers-v2.ts";
import { listQueues } from "./list-queues.ts";
import { listRoutingProfiles } from "./list-routing-profiles.ts";
import { listSecurityProfiles } from "./list-security-profiles.ts";
import { listUserHierarchyGroups } from "./list-user-hierarchy-groups.ts";
import { listUsers } from "./list-users.ts";
import { searchUsers } from "./search-users.ts";
import { startOutboundVoiceContact } from "./start-outbound-voice-contact.ts";
import { stopContact } from "./stop-contact.ts";
import { tagContact } from "./tag-contact.ts";
import { updateContactAttributes } from "./update-contact-attributes.ts";
import { updateUserHierarchy } from "./update-user-hierarchy.ts";
import { updateUserHierarchyStructure } from "./update-user-hierarchy-structure.ts";
import { updateUserIdentityInfo } from "./update-user-identity-info.ts";
import { updateUserPhoneConfig } from "./update-user-phone-config.ts";
import { updateUserRoutingProfile } from "./update-user-routing-profile.ts";
import { updateUserSecurityProfiles } from "./update-user-security-profiles.ts";

export const operations: readonly Operation[] = [
  startOutboundVoiceContact,
  stopContact,
  updateContactAttributes,
  getContactAttributes,
  describeContact,
  tagContact,
  createUser,
  deleteUser,
  describeUser,
  listUsers,
  searchUsers,
  updateUserHierarchy,
  updateUserIdentityInfo,
  updateUserPhoneConfig,
  updateUserRoutingProfile,
  updateUserSecurityProfiles,
  createUserHierarchyGroup,
  describeUserHierarchyGroup,
  listUserHierarchyGroups,
  describeUserHierarchyStructure,
  updateUserHierarchyStructure,
  listRoutingProfiles,
  listSecurityProfiles,
  listQueues,
  listContactFlows,
  listPhoneNumbersV2,
  describeInstance,
  listInstances,
  getFederationToken,
  getCurrentMetricData,
  getMetricData,
  getMetricDataV2,
];
