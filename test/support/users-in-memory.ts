import {
  type IdentityType,
  type Member,
  type Named,
  type NewUser,
  operationOf,
  type Turn,
  UserError,
  type UserFacts,
  type UserOperation,
  type Users,
  type UserUpdate,
} from "../../lib/connect/users.ts";

type Known = Member & UserFacts;

/** What an instance holds. Reads of users may lag behind, as Connect's do. */
export class CentreInMemory {
  readonly routingProfiles: Named[];
  readonly securityProfiles: Named[];
  /** Of hierarchy groups, by id. */
  readonly paths: Record<string, string[]>;
  readonly levels: number;
  identityType: IdentityType = "CONNECT_MANAGED";
  /** How many users were ever created. */
  created = 0;
  private readonly versions: { at: number; members: Known[] }[] = [];

  constructor(from: Pick<CentreInMemory, "routingProfiles" | "securityProfiles" | "paths" | "levels">) {
    this.routingProfiles = from.routingProfiles;
    this.securityProfiles = from.securityProfiles;
    this.paths = from.paths;
    this.levels = from.levels;
  }

  asOf(at: number): Known[] {
    return this.versions.findLast((version) => version.at <= at)?.members ?? [];
  }

  get members(): Known[] {
    return this.versions.at(-1)?.members ?? [];
  }

  put(members: Known[], at: number): void {
    this.versions.push({ at, members });
    // No read lies so far behind.
    while (this.versions[1] && this.versions[1].at < at - 600_000) this.versions.shift();
  }
}

/** Passes the contract that Connect's adapter passes. */
export class UsersInMemory implements Users {
  private readonly centre: CentreInMemory;
  private readonly turn: Turn;
  private readonly now: () => number;
  private readonly lagMs: () => number;

  constructor(
    centre: CentreInMemory,
    turn: Turn,
    now: () => number = Date.now,
    lagMs: () => number = () => 0,
  ) {
    this.centre = centre;
    this.turn = turn;
    this.now = now;
    this.lagMs = lagMs;
  }

  async identityType(): Promise<IdentityType> {
    await this.turn("DescribeInstance");
    return this.centre.identityType;
  }

  async routingProfiles(): Promise<Named[]> {
    await this.turn("ListRoutingProfiles");
    return [...this.centre.routingProfiles];
  }

  async securityProfiles(): Promise<Named[]> {
    await this.turn("ListSecurityProfiles");
    return [...this.centre.securityProfiles];
  }

  async hierarchyGroups(): Promise<Named[]> {
    await this.turn("ListUserHierarchyGroups");
    return Object.entries(this.centre.paths).map(([id, path]) => ({ id, name: path.at(-1) ?? "" }));
  }

  async hierarchyPath(groupId: string): Promise<string[]> {
    await this.turn("DescribeUserHierarchyGroup");
    const path = this.centre.paths[groupId];
    if (!path) throw notFound("DescribeUserHierarchyGroup");
    return path;
  }

  async hierarchyLevels(): Promise<number> {
    await this.turn("DescribeUserHierarchyStructure");
    return this.centre.levels;
  }

  async find(username: string): Promise<string | undefined> {
    await this.turn("SearchUsers");
    return this.seen().find((member) => member.username === username)?.id;
  }

  async describe(userId: string): Promise<UserFacts> {
    await this.turn("DescribeUser");
    const member = this.seen().find(({ id }) => id === userId);
    if (!member) throw notFound("DescribeUser");
    const { id: _, username: __, ...facts } = member;
    return facts;
  }

  async list(): Promise<Member[]> {
    await this.turn("ListUsers");
    return this.seen().map(({ id, username }) => ({ id, username }));
  }

  async search(): Promise<Known[]> {
    await this.turn("SearchUsers");
    return this.seen().map(
      ({ identity: { email: _, secondaryEmail: __, mobile: ___, ...names }, ...known }) => ({
        ...known,
        identity: names,
      }),
    );
  }

  async create({ username, password, tags: _, identity = {}, ...facts }: NewUser): Promise<void> {
    await this.turn("CreateUser");
    if ((password !== undefined) !== (this.centre.identityType === "CONNECT_MANAGED"))
      throw new UserError("refused", "CreateUser", "InvalidRequestException");
    this.checkIds("CreateUser", facts);
    if (this.centre.members.some((member) => member.username === username))
      throw new UserError("duplicate", "CreateUser", "DuplicateResourceException");
    this.centre.created += 1;
    const id = `user-${this.centre.created}`;
    this.centre.put([...this.centre.members, { id, username, identity, ...facts }], this.now());
  }

  async update(userId: string, update: UserUpdate): Promise<void> {
    const operation = operationOf[update.part];
    await this.turn(operation);
    const member = this.present(userId, operation);
    const changed = { ...member, ...changesOf(update) };
    if (update.part === "hierarchy" && update.to === undefined) delete changed.hierarchyGroupId;
    this.checkIds(operation, changed);
    this.centre.put(
      this.centre.members.map((one) => (one === member ? changed : one)),
      this.now(),
    );
  }

  async delete(userId: string): Promise<void> {
    await this.turn("DeleteUser");
    const member = this.present(userId, "DeleteUser");
    this.centre.put(
      this.centre.members.filter((one) => one !== member),
      this.now(),
    );
  }

  private seen(): Known[] {
    return this.centre.asOf(this.now() - this.lagMs());
  }

  private present(userId: string, operation: UserOperation): Known {
    const member = this.centre.members.find(({ id }) => id === userId);
    if (!member) throw notFound(operation);
    return member;
  }

  private checkIds(
    operation: UserOperation,
    { routingProfileId, securityProfileIds, hierarchyGroupId }: Omit<UserFacts, "identity" | "phone">,
  ): void {
    const { routingProfiles, securityProfiles, paths } = this.centre;
    const isKnown = (all: Named[], wanted: string) => all.some(({ id }) => id === wanted);
    if (
      !isKnown(routingProfiles, routingProfileId) ||
      !securityProfileIds.every((id) => isKnown(securityProfiles, id)) ||
      (hierarchyGroupId !== undefined && !paths[hierarchyGroupId])
    )
      throw notFound(operation);
  }
}

const notFound = (operation: UserOperation) =>
  new UserError("not-found", operation, "ResourceNotFoundException");

function changesOf(update: UserUpdate): Partial<UserFacts> {
  switch (update.part) {
    case "identity":
      return { identity: update.to };
    case "phone":
      return { phone: update.to };
    case "routing-profile":
      return { routingProfileId: update.to };
    case "security-profiles":
      return { securityProfileIds: update.to };
    case "hierarchy":
      return update.to === undefined ? {} : { hierarchyGroupId: update.to };
  }
}
