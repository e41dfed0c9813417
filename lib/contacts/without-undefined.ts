type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Only what is known, so that it can be laid over what was known before. */
export function withoutUndefined<T extends object>(fields: T): Defined<T> {
  const defined: Partial<T> = {};
  for (const field in fields) if (fields[field] !== undefined) defined[field] = fields[field];
  return defined as Defined<T>;
}
