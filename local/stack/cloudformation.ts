/** A CloudFormation template as far as `serverless package` writes one. */
export interface Template {
  Resources: Record<string, { Type: string; Condition?: string; Properties?: unknown }>;
  Conditions?: Record<string, unknown>;
  Outputs?: Record<string, { Condition?: string; Value: unknown }>;
}

export interface Resource {
  logicalId: string;
  type: string;
  properties: Record<string, unknown>;
}

export interface Deployment {
  /** The resources whose condition holds, with every reference resolved. */
  resources: Resource[];
  outputs: Record<string, string>;
}

/** What a resource is called once it exists: `Ref` gives `ref`, `Fn::GetAtt` one of `attributes`. */
export interface Identity {
  ref: string;
  attributes: Record<string, string>;
}

/** Pseudo parameters, such as AWS::Region. */
export type Pseudo = Record<string, string>;

class TemplateError extends Error {}

const removed = Symbol("AWS::NoValue");

/**
 * Resolves a template against the names that its resources have here.
 * @param identify names a resource; its own references are resolved before it is asked
 * @throws TemplateError naming the resource, for whatever is not understood
 */
export function evaluate(
  template: Template,
  pseudo: Pseudo,
  identify: (resource: Resource, pseudo: Pseudo) => Identity,
): Deployment {
  const identities = new Map<string, Identity>();
  const under = new Set<string>();

  const holds = (name: string): boolean => {
    const condition = template.Conditions?.[name];
    if (condition === undefined) throw new TemplateError(`There is no condition ${name}`);
    return conditionOf(condition);
  };
  const conditionOf = (value: unknown): boolean => {
    const [name, argument] = intrinsicOf(value) ?? [];
    if (name === "Condition") return holds(String(argument));
    if (name === "Fn::Equals" && Array.isArray(argument))
      return resolve(argument[0]) === resolve(argument[1]);
    if (name === "Fn::Not" && Array.isArray(argument)) return !conditionOf(argument[0]);
    if (name === "Fn::And" && Array.isArray(argument)) return argument.every(conditionOf);
    if (name === "Fn::Or" && Array.isArray(argument)) return argument.some(conditionOf);
    throw new TemplateError(`A condition of this form is not supported: ${JSON.stringify(value)}`);
  };

  const identityOf = (logicalId: string): Identity => {
    const known = identities.get(logicalId);
    if (known) return known;
    const resource = template.Resources[logicalId];
    if (!resource) throw new TemplateError(`There is no resource ${logicalId}`);
    if (resource.Condition !== undefined && !holds(resource.Condition))
      throw new TemplateError(`${logicalId} is left out by its condition ${resource.Condition}`);
    if (under.has(logicalId)) throw new TemplateError(`${logicalId} refers to itself`);
    under.add(logicalId);
    // Only names are needed here: the properties that refer to others may refer back to this one.
    const named = Object.fromEntries(
      Object.entries((resource.Properties ?? {}) as Record<string, unknown>).filter(([key]) =>
        /Name$/.test(key),
      ),
    );
    const properties = resolve(named) as Record<string, unknown>;
    const identity = identify({ logicalId, type: resource.Type, properties }, pseudo);
    under.delete(logicalId);
    identities.set(logicalId, identity);
    return identity;
  };

  const refOf = (name: string): unknown => {
    if (name === "AWS::NoValue") return removed;
    return name in pseudo ? pseudo[name] : identityOf(name).ref;
  };
  const attributeOf = (logicalId: string, attribute: string): string => {
    const value = identityOf(logicalId).attributes[attribute];
    if (value === undefined) throw new TemplateError(`${logicalId} has no attribute ${attribute} here`);
    return value;
  };
  const substituted = (text: string, own: Record<string, unknown>): string =>
    text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith("!")) return `\${${name.slice(1)}}`;
      if (name in own) return String(resolve(own[name]));
      const [logicalId, attribute] = name.split(/\.(.*)/s);
      return logicalId && attribute ? attributeOf(logicalId, attribute) : String(refOf(name));
    });

  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== removed);
    if (typeof value !== "object" || value === null) return value;
    const intrinsic = intrinsicOf(value);
    if (intrinsic) return resolveIntrinsic(...intrinsic);
    const entries = Object.entries(value).map(([key, member]) => [key, resolve(member)] as const);
    return Object.fromEntries(entries.filter(([, member]) => member !== removed));
  };
  const resolveIntrinsic = (name: string, argument: unknown): unknown => {
    switch (name) {
      case "Ref":
        return refOf(String(argument));
      case "Fn::GetAtt": {
        const [logicalId, ...attribute] = Array.isArray(argument) ? argument : String(argument).split(".");
        return attributeOf(String(logicalId), attribute.join("."));
      }
      case "Fn::Sub":
        return Array.isArray(argument)
          ? substituted(String(argument[0]), argument[1])
          : substituted(String(argument), {});
      case "Fn::Join": {
        const [separator, parts] = argument as [string, unknown];
        return (resolve(parts) as unknown[]).join(separator);
      }
      case "Fn::If": {
        const [condition, then, otherwise] = argument as [string, unknown, unknown];
        return resolve(holds(condition) ? then : otherwise);
      }
      default:
        throw new TemplateError(`${name} is not supported`);
    }
  };

  const isWanted = ({ Condition }: { Condition?: string }) => Condition === undefined || holds(Condition);
  const resources = Object.entries(template.Resources)
    .filter(([, resource]) => isWanted(resource))
    .map(([logicalId, { Type, Properties }]) => ({
      logicalId,
      type: Type,
      properties: naming(
        `${logicalId} (${Type})`,
        () => resolve(Properties ?? {}) as Record<string, unknown>,
      ),
    }));
  const outputs = Object.entries(template.Outputs ?? {})
    .filter(([, output]) => isWanted(output))
    .map(([name, { Value }]) => [name, naming(`Output ${name}`, () => String(resolve(Value)))]);
  return { resources, outputs: Object.fromEntries(outputs) as Record<string, string> };
}

function naming<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new TemplateError(`${what}: ${error instanceof Error ? error.message : error}`);
  }
}

function intrinsicOf(value: unknown): [string, unknown] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return undefined;
  return /^(Ref|Condition|Fn::\w+)$/.test(entry[0]) ? entry : undefined;
}
