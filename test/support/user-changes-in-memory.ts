import type {
  ChangeKey,
  Deed,
  PartChange,
  SettledChange,
  UserChange,
  UserPart,
} from "../../lib/roster/user-change.ts";
import { userParts } from "../../lib/roster/user-change.ts";
import type { ChangeReader, CommandEntry, End, UserChanges } from "../../lib/roster/user-changes.ts";

interface Kept {
  entry: CommandEntry;
  at: string;
  deed?: Deed | undefined;
  end?: End["kind"] | undefined;
  why?: string | undefined;
  parts: Map<UserPart, PartChange>;
}

/** Passes the contract that DynamoDB's adapters pass. */
export class UserChangesInMemory implements UserChanges, ChangeReader {
  private readonly items = new Map<string, Kept>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  async begin(entry: CommandEntry, deed: Deed, changes: PartChange[]): Promise<UserChange> {
    const kept = this.kept(entry);
    const parts = new Map(kept.parts);
    for (const change of changes) {
      const { after: _, ...first } = kept.parts.get(change.part) ?? change;
      parts.set(change.part, { ...first, ...("after" in change && { after: change.after }) });
    }
    return this.keep({ ...kept, deed, end: undefined, why: undefined, parts });
  }

  async withdraw(entry: CommandEntry): Promise<void> {
    this.keep({ ...this.kept(entry), deed: undefined, parts: new Map() });
  }

  async settle(entry: CommandEntry, end: End): Promise<SettledChange> {
    const kept = this.kept(entry);
    if (end.kind === "superseded") return settled(this.keep({ ...kept, end: kept.end ?? end.kind }));
    if (end.kind === "done") return settled(this.keep({ ...kept, end: end.kind, why: undefined }));
    const { kind, why, made } = end;
    const parts = new Map([...kept.parts].filter(([part]) => made?.includes(part) ?? true));
    const deed = made?.length === 0 ? undefined : kept.deed;
    return settled(this.keep({ ...kept, end: kind, why, deed, parts }));
  }

  async outcomes(keys: ChangeKey[]): Promise<UserChange[]> {
    return keys.flatMap((key) => {
      const kept = this.items.get(nameOf(key));
      return kept ? [changeOf(kept)] : [];
    });
  }

  async list(username: string, limit: number): Promise<UserChange[]> {
    const ofUser = [...this.items.values()].filter(({ entry }) => entry.username === username);
    const newestFirst = ofUser.toSorted((a, b) => (a.entry.order < b.entry.order ? 1 : -1));
    return newestFirst.slice(0, limit).map(changeOf);
  }

  private kept(entry: CommandEntry): Kept {
    const known = this.items.get(nameOf(entry));
    return known ?? { entry, at: new Date(this.now()).toISOString(), parts: new Map() };
  }

  private keep(kept: Kept): UserChange {
    this.items.set(nameOf(kept.entry), kept);
    return changeOf(kept);
  }
}

const nameOf = ({ username, order }: ChangeKey): string => `${order} ${username}`;

function changeOf({ entry, at, deed, end, why, parts }: Kept): UserChange {
  const { source, reason, ...key } = entry;
  return {
    ...key,
    ...(source !== undefined && { source }),
    ...(reason !== undefined && { reason }),
    at,
    state: end === "done" ? (deed ?? "unchanged") : (end ?? "begun"),
    ...(why !== undefined && { why }),
    changes: userParts.flatMap((part) => parts.get(part) ?? []),
  };
}

function settled(change: UserChange): SettledChange {
  if (change.state === "begun") throw new Error("it is not settled");
  return { ...change, state: change.state };
}
