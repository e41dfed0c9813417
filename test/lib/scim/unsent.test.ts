import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandOf } from "../../../lib/scim/command.ts";
import type { ScimSteps } from "../../../lib/scim/steps.ts";
import { anAccount, patchUrn, rules, type ScimAnswer, ScimWorld } from "../../support/scim-world.ts";

const active = (value: boolean) => ({ op: "replace", path: "active", value });

/** The command that the queue will carry out last. */
const lastOf = ({ commands }: ScimWorld, username: string) =>
  commands.all.findLast((command) => command.username === username);

describe("a user who was written", () => {
  it("is accepted while the queue cannot be reached, and sent by the run of a minute later", async () => {
    const world = new ScimWorld();
    world.commands.failing = true;
    const id = await world.created("ana");
    expect(world.unsent).toHaveLength(1);
    expect(await world.sweep()).toEqual({ sent: 0, failures: [] });
    world.time += 61_000;
    expect((await world.sweep()).failures).toHaveLength(1);
    world.commands.failing = false;
    expect(await world.sweep()).toEqual({ sent: 1, failures: [] });
    expect(world.commands.all).toMatchObject([{ commandId: `scim-${id}-1` }]);
    expect(await world.sweep()).toEqual({ sent: 0, failures: [] });
  });

  it("is sent before anything newer is written, by whoever comes next", async () => {
    const world = new ScimWorld();
    world.commands.failing = true;
    const id = await world.created("ana");
    expect((await world.patch(id, active(false))).status).toBe(500);
    expect((await world.ask("GET", `/Users/${id}`)).body).toMatchObject({
      active: true,
      meta: { version: 'W/"1"' },
    });
    world.commands.failing = false;
    expect((await world.patch(id, active(false))).status).toBe(200);
    expect(world.commands.all.map(({ commandId }) => commandId)).toEqual([`scim-${id}-1`, `scim-${id}-2`]);
  });

  it("is sent when it is gone as well, and before another one of its name", async () => {
    const world = new ScimWorld();
    const first = await world.created("ana");
    world.commands.failing = true;
    expect((await world.ask("DELETE", `/Users/${first}`)).status).toBe(204);
    expect((await world.ask("GET", `/Users/${first}`)).status).toBe(404);
    world.commands.failing = false;
    const second = await world.created("ana");
    expect(world.commands.all.map(({ commandId }) => commandId)).toEqual([
      `scim-${first}-1`,
      `scim-${first}-2`,
      `scim-${second}-1`,
    ]);
  });
});

describe("a user who comes again while an earlier one of the name is being deleted", () => {
  it("is made, and no user of that name is said to be there", async () => {
    const world = new ScimWorld();
    const first = await world.created("ana");
    world.commands.failing = true;
    await world.ask("DELETE", `/Users/${first}`);
    world.commands.failing = false;
    const { users } = world;
    const write = users.write.bind(users);
    users.write = async (record, before) => {
      if (before?.deleted) await users.sent(before);
      return write(record, before);
    };
    expect((await world.ask("POST", "/Users", anAccount("ana"))).status).toBe(201);
    expect(lastOf(world, "ana")).toMatchObject({ user: { active: true } });
  });
});

class Killed extends Error {}

/** The steps as one invocation has them: every one of them takes its time, and from the n-th on the process is dead. */
function stepsOf(world: ScimWorld, scheduler: fc.Scheduler, killedAt: number): ScimSteps {
  let count = 0;
  const slowly = <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) => {
    const step = async (...args: Args): Promise<Result> => {
      count += 1;
      if (count >= killedAt) throw new Killed();
      await scheduler.schedule(Promise.resolve());
      const result = await work(...args);
      await scheduler.schedule(Promise.resolve());
      return result;
    };
    return step;
  };
  const { users, commands } = world;
  return {
    ...world.steps,
    users: {
      find: slowly((key: string) => users.find(key)),
      findAll: slowly((keys: string[]) => users.findAll(keys)),
      keys: slowly(() => users.keys()),
      keysOfExternalId: slowly((externalId: string) => users.keysOfExternalId(externalId)),
      unsentKeys: slowly((before: string) => users.unsentKeys(before)),
      write: slowly<Parameters<typeof users.write>, boolean>((record, before) => users.write(record, before)),
      sent: slowly<Parameters<typeof users.sent>, void>((record) => users.sent(record)),
    },
    commands: { send: slowly<Parameters<typeof commands.send>, void>((command) => commands.send(command)) },
  };
}

describe("several requests about one user at the same time, any of which may be killed anywhere", () => {
  const request = fc.record({
    kind: fc.constantFrom("create", "put", "patch", "delete"),
    givenName: fc.constantFrom("Ana", "Anna", "Anne"),
    /** No request has that many steps. */
    killedAt: fc.oneof(
      { weight: 2, arbitrary: fc.constant(99) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 9 }) },
    ),
  });

  it("leave Connect with the command of what is in the table, and answer one of them at a time", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(request, { minLength: 2, maxLength: 4 }),
        async (scheduler, requests) => {
          const world = new ScimWorld();
          const id = await world.created("ana");
          const answers = requests.map(async ({ kind, givenName, killedAt }) => {
            const steps = stepsOf(world, scheduler, killedAt);
            const account = anAccount("ana", { name: { givenName, familyName: "Ruiz" } });
            const Operations = [{ op: "replace", path: "name.givenName", value: givenName }];
            const schemas = [patchUrn];
            const asked: Record<typeof kind, () => Promise<ScimAnswer>> = {
              create: () => world.ask("POST", "/Users", account, { steps }),
              put: () => world.ask("PUT", `/Users/${id}`, account, { steps }),
              patch: () => world.ask("PATCH", `/Users/${id}`, { schemas, Operations }, { steps }),
              delete: () => world.ask("DELETE", `/Users/${id}`, undefined, { steps }),
            };
            return asked[kind]();
          });
          await scheduler.waitFor(Promise.all(answers));
          for (const { status } of await Promise.all(answers))
            expect([200, 201, 204, 404, 409, 500]).toContain(status);
          const lastly = world.users.all()[0];
          world.time += 61_000;
          await world.sweep();
          expect(await world.users.unsentKeys("9999")).toEqual([]);
          if (lastly) expect(lastOf(world, "ana")).toEqual(commandOf(lastly, rules));
          else expect(lastOf(world, "ana")).toMatchObject({ user: { active: false } });
        },
      ),
      { seed: 20_261_126, numRuns: 2_000 },
    );
  });

  it("lose none of several changes of different attributes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = new ScimWorld();
        const id = await world.created("ana");
        const changes = [{ displayName: "Ana" }, { externalId: "e-1" }, { active: false }];
        const answers = changes.map((value) =>
          world.ask(
            "PATCH",
            `/Users/${id}`,
            { schemas: [patchUrn], Operations: [{ op: "replace", value }] },
            { steps: stepsOf(world, scheduler, Number.POSITIVE_INFINITY) },
          ),
        );
        await scheduler.waitFor(Promise.all(answers));
        expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200]);
        expect(world.users.all()[0]).toMatchObject({ version: 4, user: Object.assign({}, ...changes) });
      }),
      { seed: 20_261_126, numRuns: 300 },
    );
  });

  it("let one of several make the user", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = new ScimWorld();
        const answers = ["ana", "ANA", "Ana"].map((userName) =>
          world.ask("POST", "/Users", anAccount(userName), { steps: stepsOf(world, scheduler, 99) }),
        );
        await scheduler.waitFor(Promise.all(answers));
        const statuses = (await Promise.all(answers)).map(({ status }) => status);
        expect(statuses.toSorted()).toEqual([201, 409, 409]);
        expect(world.commands.all).toHaveLength(1);
      }),
      { seed: 20_261_126, numRuns: 300 },
    );
  });
});
