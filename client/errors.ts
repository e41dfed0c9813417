/** What is wrong with one message: places and rules, never values. */
export interface InvalidMessage {
  /** Its place among the messages that were given. */
  index: number;
  /** Where it has a usable one. */
  id?: string;
  problems: string[];
}

/** The service would not understand these messages. Of the call that throws it nothing was sent. */
export class InvalidMessages extends Error {
  override readonly name = "InvalidMessages";
  readonly messages: InvalidMessage[];

  constructor(messages: InvalidMessage[]) {
    super(`${count(messages.length)} cannot be sent: ${listed(messages.map(described))}`);
    this.messages = messages;
  }
}

export interface UnsentMessage {
  index: number;
  id: string;
}

/**
 * The queue did not confirm these messages, and `cause` is the last reason. Some of them may be in it all the same: send them
 * again under the same ids, which makes that harmless. All others were sent.
 */
export class NotSent extends Error {
  override readonly name = "NotSent";
  readonly messages: UnsentMessage[];

  constructor(messages: UnsentMessage[], cause: unknown) {
    super(`${count(messages.length)} not sent: ${listed(messages.map(({ id }) => id))}`, { cause });
    this.messages = messages;
  }
}

const longestList = 10;

const count = (messages: number): string => (messages === 1 ? "1 message" : `${messages} messages`);

const listed = (parts: string[]): string =>
  parts.length > longestList
    ? `${parts.slice(0, longestList).join("; ")}; and ${parts.length - longestList} more`
    : parts.join("; ");

const described = ({ index, id, problems }: InvalidMessage): string =>
  `[${index}]${id === undefined ? "" : ` ${id}`}: ${problems.join(", ")}`;
