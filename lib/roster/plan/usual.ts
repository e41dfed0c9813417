/** What a file need not say of a user. */
const usual = {
  identity: {},
  phone: { type: "SOFT_PHONE", autoAccept: false, afterContactWorkSeconds: 0 },
  active: true,
};

type Said = Record<string, unknown>;

/** Of `identity` and `phone` each field by itself. What is said to be null is taken away again. */
export function withUsual(...said: Said[]): Said {
  const all = [usual, ...said];
  const nested = (name: "identity" | "phone") => {
    const parts = all.map((one: Said) => one[name]).filter((part) => part !== undefined);
    const last = parts.at(-1);
    return isObject(last) ? present(Object.assign({}, ...parts.filter(isObject))) : last;
  };
  return present({ ...Object.assign({}, ...all), identity: nested("identity"), phone: nested("phone") });
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const present = (value: object): Said =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null && one !== undefined));
