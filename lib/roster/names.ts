import { type IdentityType, type Named, UserError, type Users } from "../connect/users.ts";
import type { Ids } from "./desired-user.ts";
import { Kept } from "./kept.ts";
import { nearNames } from "./near-names.ts";
import type { DesiredUser } from "./user-command.ts";

export type WantedNames = Pick<DesiredUser, "routingProfile" | "securityProfiles" | "hierarchy">;
export type Resolved = { kind: "resolved"; ids: Ids } | { kind: "unknown"; problems: string[] };

/** So long what Connect told of names is believed. */
const lifeMs = 60_000;

/** What an instance calls its profiles and groups, kept for a minute; a name that is unknown is looked for once more. */
export class Names {
  private readonly now: () => number;
  private readonly types: Kept<IdentityType>;
  private readonly routing: Kept<Named[]>;
  private readonly security: Kept<Named[]>;
  private readonly groups: Kept<Named[]>;
  private readonly levels: Kept<number>;
  /** By the group's id. */
  private readonly paths = new Map<string, Kept<string[]>>();

  constructor(now: () => number) {
    this.now = now;
    // It is settled when an instance is made.
    this.types = new Kept(Number.POSITIVE_INFINITY, now);
    this.routing = new Kept(lifeMs, now);
    this.security = new Kept(lifeMs, now);
    this.groups = new Kept(lifeMs, now);
    this.levels = new Kept(lifeMs, now);
  }

  identityType(users: Users): Promise<IdentityType> {
    return this.types.get(() => users.identityType());
  }

  async resolve(wanted: WantedNames, users: Users): Promise<Resolved> {
    const began = this.now();
    const found = await this.lookUp(wanted, users, 0);
    return found.kind === "resolved" ? found : this.lookUp(wanted, users, began);
  }

  /** The reverse of `resolve`. What has no name any more is told by its id. */
  async namesOf(
    { routingProfileId, securityProfileIds, hierarchyGroupId }: Ids,
    users: Users,
  ): Promise<WantedNames> {
    const routing = await this.routing.get(() => users.routingProfiles());
    const security = await this.security.get(() => users.securityProfiles());
    const hierarchy = hierarchyGroupId !== undefined && {
      hierarchy: await this.path(hierarchyGroupId, users, 0).catch(idIfGone(hierarchyGroupId)),
    };
    return {
      routingProfile: nameOf(routingProfileId, routing),
      securityProfiles: securityProfileIds.map((id) => nameOf(id, security)),
      ...hierarchy,
    };
  }

  /** An id of them was not there any more. */
  forget(): void {
    for (const kept of [this.routing, this.security, this.groups, this.levels, ...this.paths.values()])
      kept.forget();
  }

  /** @param since what was read before is read again */
  private async lookUp(wanted: WantedNames, users: Users, since: number): Promise<Resolved> {
    const routing = await this.routing.get(() => users.routingProfiles(), since);
    const security = await this.security.get(() => users.securityProfiles(), since);
    const group = await this.group(wanted.hierarchy, users, since);
    const routingProfileId = idOf(wanted.routingProfile, routing);
    const securityProfileIds = wanted.securityProfiles.flatMap((name) => idOf(name, security) ?? []);
    const problems = [
      ...unknownOf("routing profile", [wanted.routingProfile], routing),
      ...unknownOf("security profile", wanted.securityProfiles, security),
      ...group.problems,
    ];
    if (routingProfileId === undefined || problems.length > 0) return { kind: "unknown", problems };
    const hierarchy = group.id !== undefined && { hierarchyGroupId: group.id };
    return { kind: "resolved", ids: { routingProfileId, securityProfileIds, ...hierarchy } };
  }

  /** Names of groups are told apart by those above them, which only each group's own description has. */
  private async group(
    path: string[] | undefined,
    users: Users,
    since: number,
  ): Promise<{ id?: string; problems: string[] }> {
    const last = path?.at(-1);
    if (path === undefined || last === undefined) return { problems: [] };
    const groups = await this.groups.get(() => users.hierarchyGroups(), since);
    for (const { id } of groups.filter(({ name }) => name === last)) {
      const full = await this.path(id, users, since);
      if (isSamePath(full, path)) return { id, problems: [] };
    }
    const levels = await this.levels.get(() => users.hierarchyLevels(), since);
    const problem =
      path.length > levels
        ? `the hierarchy has ${levels} levels, and ${path.length} were named`
        : `there is no hierarchy group ${JSON.stringify(path.join(" / "))}${near(last, groups)}`;
    return { problems: [problem] };
  }

  private path(id: string, users: Users, since: number): Promise<string[]> {
    const kept = this.paths.get(id) ?? new Kept<string[]>(lifeMs, this.now);
    this.paths.set(id, kept);
    return kept.get(() => users.hierarchyPath(id), since);
  }
}

const idOf = (wanted: string, all: Named[]): string | undefined =>
  all.find(({ name }) => name === wanted)?.id;

const nameOf = (wanted: string, all: Named[]): string => all.find(({ id }) => id === wanted)?.name ?? wanted;

const idIfGone =
  (id: string) =>
  (error: unknown): string[] => {
    if (error instanceof UserError && error.kind === "not-found") return [id];
    throw error;
  };

const unknownOf = (what: string, wanted: string[], all: Named[]): string[] =>
  wanted
    .filter((name) => idOf(name, all) === undefined)
    .map((name) => `there is no ${what} ${JSON.stringify(name)}${near(name, all)}`);

function near(wanted: string, all: Named[]): string {
  const names = nearNames(wanted, [...new Set(all.map(({ name }) => name))]);
  return names.length === 0 ? "" : `; there is ${names.map((name) => JSON.stringify(name)).join(", ")}`;
}

const isSamePath = (one: string[], other: string[]): boolean =>
  one.length === other.length && one.every((name, level) => name === other[level]);
