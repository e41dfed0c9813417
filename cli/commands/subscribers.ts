import { type Command, Option } from "commander";
import * as v from "valibot";
import { states } from "../../lib/contacts/contact-states.ts";
import { outcomes } from "../../lib/contacts/outcome.ts";
import { readDestination } from "../../lib/subscribers/destination.ts";
import { aNewSecret } from "../../lib/subscribers/signature.ts";
import {
  aNewSubscriber,
  type Filter,
  type Subscriber,
  subscriberId,
} from "../../lib/subscribers/subscriber.ts";
import { Failure } from "../failure.ts";
import { type CommonOptions, examples } from "../options.ts";
import { aligned, print } from "../print.ts";
import { found, placesOf } from "./subscribers-place.ts";
import { addReplay } from "./subscribers-replay.ts";
import { addRotate } from "./subscribers-rotate.ts";
import { addTest } from "./subscribers-test.ts";

interface AddOptions extends CommonOptions, Filter {}

export function addSubscribers(program: Command): void {
  const subscribers = program
    .command("subscribers")
    .description("Looks after those who get notices by webhook: docs/subscribers.md");
  subscribers
    .command("add")
    .description("Begins to deliver notices to a URL, within half a minute; prints the secret, this once")
    .argument("<id>", "1 to 64 of A-Z a-z 0-9 . _ -")
    .argument("<url>", "https, on a public address; of this machine also http, with the local stack")
    .option("--type <types...>", "only notices of these types, such as state-changed")
    .addOption(new Option("--state <states...>", "only notices of these states").choices(states))
    .addOption(new Option("--outcome <outcomes...>", "only notices with these outcomes").choices(outcomes))
    .addHelpText(
      "after",
      examples(
        "subscribers add crm https://crm.example/notices",
        "subscribers add reports https://reports.example/in --state ended parked --stage prod",
      ),
    )
    .action(add);
  subscribers
    .command("list")
    .description("All subscribers, with what state they are in")
    .addHelpText("after", examples("subscribers list", "subscribers list --stage prod --json"))
    .action(list);
  subscribers
    .command("show")
    .description("Everything on record of one subscriber but its secret")
    .argument("<id>", "the subscriber")
    .addHelpText("after", examples("subscribers show crm"))
    .action(show);
  subscribers
    .command("enable")
    .description("Delivers to a disabled subscriber again; what it has missed is for replay")
    .argument("<id>", "the subscriber")
    .addHelpText("after", examples("subscribers enable crm", "subscribers replay crm"))
    .action(enable);
  subscribers
    .command("disable")
    .description("Delivers nothing more; what comes meanwhile is kept for replay, 14 days long")
    .argument("<id>", "the subscriber")
    .option("--reason <text>", "kept on record", "by an operator")
    .addHelpText("after", examples("subscribers disable crm --reason 'moves to another host'"))
    .action(disable);
  subscribers
    .command("remove")
    .description("Forgets a subscriber and its secret; what is under way to it is dropped")
    .argument("<id>", "the subscriber")
    .addHelpText("after", examples("subscribers remove crm"))
    .action(remove);
  addRotate(subscribers);
  addTest(subscribers);
  addReplay(subscribers);
}

async function add(id: string, url: string, _options: unknown, command: Command): Promise<void> {
  const { json, stage, type, state, outcome } = command.optsWithGlobals<AddOptions>();
  const { table, secretsOf, rules } = placesOf(stage);
  const checked = v.safeParse(subscriberId, id);
  if (!checked.success) throw new Failure("usage", `The id ${checked.issues[0].message}.`);
  const reading = readDestination(url, rules);
  if (reading.kind === "unfit") throw new Failure("usage", `Nothing is delivered there: ${reading.why}.`);
  const filter = { ...(type && { type }), ...(state && { state }), ...(outcome && { outcome }) };
  if ((await table.look([id])).has(id)) throw taken(id);
  const secret = aNewSecret();
  // First: nothing is delivered to a subscriber without a secret.
  await secretsOf(id).put([secret]);
  const subscriber = aNewSubscriber(
    { subscriberId: id, url: reading.destination.url.href, filter },
    Date.now(),
  );
  if (!(await table.add(subscriber))) throw taken(id);
  print(json, { subscriber, secret }, [
    `${id} gets notices from now on, or from half a minute on at the latest.`,
    `Its secret, which is not shown again: ${secret}`,
  ]);
}

const taken = (id: string): Failure =>
  new Failure("conflict", `There is a subscriber ${id}: remove it first, or take another id.`);

async function list(_options: unknown, command: Command): Promise<void> {
  const { json, stage } = command.optsWithGlobals<CommonOptions>();
  const all = await placesOf(stage).table.all();
  const subscribers = all.sort((a, b) => (a.subscriberId < b.subscriberId ? -1 : 1));
  const header = ["subscriberId", "status", "since", "failures", "url"];
  const rows = subscribers.map((one) => [
    one.subscriberId,
    one.status,
    one.since,
    String(one.failures),
    one.url,
  ]);
  print(json, { subscribers }, rows.length > 0 ? aligned([header, ...rows]) : ["There are no subscribers."]);
}

async function show(id: string, _options: unknown, command: Command): Promise<void> {
  const { json, stage } = command.optsWithGlobals<CommonOptions>();
  const subscriber = await found(placesOf(stage).table, id);
  print(json, { subscriber }, linesOf(subscriber));
}

function linesOf({ filter, ...fields }: Subscriber): string[] {
  const filters = Object.entries(filter).map(([name, values]) => [`only ${name}`, values.join(", ")]);
  return aligned([...Object.entries(fields).map(([name, value]) => [name, String(value)]), ...filters]);
}

async function enable(id: string, _options: unknown, command: Command): Promise<void> {
  const { json, stage } = command.optsWithGlobals<CommonOptions>();
  const { table } = placesOf(stage);
  const changed = await table.enable(id, Date.now());
  const subscriber = await found(table, id);
  print(json, { subscriber, changed }, [
    changed ? `${id} is enabled. What it has missed: subscribers replay ${id}` : `${id} was enabled already.`,
  ]);
}

async function disable(id: string, _options: unknown, command: Command): Promise<void> {
  const { json, stage, reason } = command.optsWithGlobals<CommonOptions & { reason: string }>();
  const { table } = placesOf(stage);
  const changed = await table.disable(id, reason, Date.now());
  const subscriber = await found(table, id);
  print(json, { subscriber, changed }, [
    changed ? `${id} is disabled: ${reason}` : `${id} was disabled already: ${subscriber.reason}`,
  ]);
}

async function remove(id: string, _options: unknown, command: Command): Promise<void> {
  const { json, stage } = command.optsWithGlobals<CommonOptions>();
  const { table, secretsOf } = placesOf(stage);
  await found(table, id);
  // Last: whoever is interrupted can say it again.
  await secretsOf(id).remove();
  await table.remove(id);
  print(json, { removed: id }, [`${id} is removed.`]);
}
