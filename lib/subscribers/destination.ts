import ipaddr from "ipaddr.js";

/** What a deployment allows. */
export interface DestinationRules {
  ports: number[];
  /** On one machine only: http, and any port, of this machine itself. */
  mayBeLocal: boolean;
}

export interface Destination {
  url: URL;
  /** Every address that its host has must be of this kind. */
  addresses: "public" | "loopback";
}

export type DestinationReading = { kind: "fit"; destination: Destination } | { kind: "unfit"; why: string };

/**
 * Whether notices may be sent there, as far as the URL tells. `mayConnectTo` is for the addresses that its host is found to have.
 * WHATWG's URL writes every notation of an IPv4 address as four decimal numbers, so no other has to be known here.
 */
export function readDestination(text: string, rules: DestinationRules): DestinationReading {
  const url = URL.parse(text);
  if (!url) return unfit("this is not a URL");
  if (url.username || url.password) return unfit("a URL must have no user name and no password");
  const host = hostOf(url);
  if (rules.mayBeLocal && isThisMachine(host) && /^https?:$/.test(url.protocol))
    return { kind: "fit", destination: { url, addresses: "loopback" } };
  if (url.protocol !== "https:") return unfit("a URL must be https");
  if (!rules.ports.includes(url.port === "" ? 443 : Number(url.port)))
    return unfit(`the port must be one of ${rules.ports.join(", ")}`);
  if (ipaddr.isValid(host)) {
    if (!isPublic(host)) return unfit("the address is not a public one");
  } else if (isInnerName(host)) return unfit("the host is not a public name");
  return { kind: "fit", destination: { url, addresses: "public" } };
}

/** Of an address that is about to be connected to. */
export function mayConnectTo(address: string, { addresses }: Pick<Destination, "addresses">): boolean {
  if (!ipaddr.isValid(address)) return false;
  return addresses === "public" ? isPublic(address) : ipaddr.parse(address).range() === "loopback";
}

const unfit = (why: string): DestinationReading => ({ kind: "unfit", why });

/** Without the brackets of IPv6, and without the dot that ends a full name, however often it is written. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "").replace(/\.+$/, "");

const isThisMachine = (host: string): boolean =>
  host === "localhost" || (ipaddr.isValid(host) && ipaddr.parse(host).range() === "loopback");

const innerNames = /(^|\.)(localhost|localdomain|internal|local|intranet|lan|home\.arpa)$/;
const isInnerName = (host: string): boolean => !host.includes(".") || innerNames.test(host);

/** Azure's inner services; the metadata addresses of other clouds are in ranges that are not public. */
const innerAddresses = ["168.63.129.16"];
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");
/** Translated to the IPv4 address in its last 32 bits; RFC 6052's own prefix only, for others can be anything. */
const nat64 = ipaddr.IPv6.parseCIDR("64:ff9b::/96");

function isPublic(text: string): boolean {
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4)
    return address.range() === "unicast" && !innerAddresses.includes(address.toString());
  if (address.zoneId !== undefined) return false;
  if (address.match(nat64)) return isPublic(address.toByteArray().slice(12).join("."));
  return address.range() === "unicast" && address.match(globalUnicast);
}
