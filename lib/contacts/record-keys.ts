/** Keys of the table `contacts` that are no requestId: none of those has a `#`. */

const campaignPrefix = "campaign#";
const contactPrefix = "contact#";

/** The record that stands for a stopped campaign. */
export const campaignKeyOf = (campaignId: string): string => `${campaignPrefix}${campaignId}`;

/** The record of the attribute updates of a contact that is no request's present one. */
export const contactKeyOf = (contactId: string): string => `${contactPrefix}${contactId}`;

export const contactInKey = (key: string): string | undefined =>
  key.startsWith(contactPrefix) ? key.slice(contactPrefix.length) : undefined;

export const isInternalKey = (requestId: string): boolean => requestId.includes("#");
