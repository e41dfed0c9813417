import { describe, expect, it } from "vitest";
import { mayConnectTo, readDestination } from "../../../lib/subscribers/destination.ts";

const deployed = { ports: [443, 8443], mayBeLocal: false };
const local = { ...deployed, mayBeLocal: true };
const kindOf = (url: string, rules = deployed) => readDestination(url, rules).kind;

/** Never to be connected to, however they come about. */
const innerAddresses = [
  ...["0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.254"],
  ...["127.0.0.1", "127.255.255.254", "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1"],
  ...["172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.31.196.1", "192.52.193.1"],
  ...["192.88.99.1", "192.168.0.1", "192.168.255.255", "192.175.48.1", "198.18.0.1", "198.19.255.255"],
  ...["198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"],
  "168.63.129.16",
  ...[
    "::",
    "::1",
    "::2",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
  ],
  ...["::ffff:a9fe:a9fe", "::ffff:0:7f00:1", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe"],
  ...["64:ff9b::192.168.1.1", "64:ff9b:1::8.8.8.8", "64:ff9b:1::10.0.0.1", "100::1", "100:0:0:1::1"],
  ...[
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:1::1",
    "2001:2::1",
    "2001:3::1",
    "2001:4:112::1",
  ],
  ...["2001:10::1", "2001:20::1", "2001:30::1", "2001:db8::1", "2002:7f00:1::1", "2002:a00:1::1"],
  ...["2002:808:808::1", "2620:4f:8000::1", "3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "fc00::1"],
  ...["fd00:ec2::254", "fd12:3456:789a::1", "fe80::1", "fe80::1%eth0", "2600::1%eth0", "febf::1", "fec0::1"],
  ...["ff02::1", "ff0e::1"],
];

/** Each is one of these addresses, or this machine, in another guise, or something else that is nobody's endpoint. */
const hostileUrls = [
  // One number, fewer than four, octal, hexadecimal, mixed.
  ...[
    "https://2130706433/",
    "https://017700000001/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://127.1/",
  ],
  ...["https://127.0.1/", "https://0177.0.0.1/", "https://0x7f.0x0.0x0.0x1/", "https://0x7F.0.0.01/"],
  ...["https://2852039166/", "https://0xa9fea9fe/", "https://0251.0376.0251.0376/", "https://169.254.43518/"],
  ...["https://0xA9.0xFE.0xA9.0xFE/", "https://169.16689662/", "https://0/", "https://0x0/", "https://00/"],
  ...[
    "https://10.1/",
    "https://0xc0a80001/",
    "https://3232235521/",
    "https://0300.0250.0.1/",
    "https://127.0.0.1./",
  ],
  // Full-width digits, a circled one, an ideographic full stop, percent-encoding, a soft hyphen, tabs and line feeds.
  ...["https://１２７.０.０.１/", "https://①②⑦.0.0.1/", "https://127。0。0。1/", "https://%31%32%37.0.0.1/"],
  ...["https://127.0.0.%31/", "https://12\u00ad7.0.0.1/", "https://1\t27.0.0.1/", "https://12\n7.0.0.1/"],
  ...["https:127.0.0.1/", "https:/127.0.0.1/", "https:\\\\127.0.0.1\\", "  https://127.0.0.1/  "],
  // Names for what is inside.
  ...[
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://localhost../",
    "https://127.0.0.1../",
    "https://kubernetes../",
    "https://ｌocalhost/",
    "https://a.localhost/",
  ],
  ...[
    "https://localhost.localdomain/",
    "https://metadata.google.internal/",
    "https://METADATA.Google.Internal./",
  ],
  ...[
    "https://instance-data/",
    "https://instance-data.ec2.internal/",
    "https://ip-10-0-0-1.eu-west-1.compute.internal/",
  ],
  ...["https://printer.local/", "https://printer.local./", "https://router.lan/", "https://nas.home.arpa/"],
  ...["https://wiki.intranet/", "https://intranet/", "https://kubernetes/"],
  // Other schemes.
  ...[
    "http://producer.example/",
    "http://127.0.0.1/",
    "ftp://producer.example/",
    "file:///etc/passwd",
    "gopher://a.example/",
  ],
  ...[
    "ws://producer.example/",
    "wss://producer.example/",
    "data:,x",
    "javascript:alert(1)",
    "blob:https://a.example/1",
  ],
  "dict://a.example:11211/",
  // Credentials, which also make a host look like another.
  ...[
    "https://user@producer.example/",
    "https://user:secret@producer.example/",
    "https://:secret@producer.example/",
  ],
  ...["https://producer.example@127.0.0.1/", "https://producer.example:443@169.254.169.254/"],
  // Ports.
  ...["https://producer.example:22/", "https://producer.example:25/", "https://producer.example:80/"],
  ...["https://producer.example:6379/", "https://producer.example:0/", "https://producer.example:65536/"],
  // Nothing at all.
  ...[
    "",
    "https://",
    "producer.example",
    "//producer.example",
    "https://[::1",
    "https://a b.example/",
    "https://1.2.3.4.5/",
  ],
];

describe("destinations", () => {
  it.each(innerAddresses)("are never %s", (address) => {
    expect(mayConnectTo(address, { addresses: "public" })).toBe(false);
    const host = address.includes(":") ? `[${address}]` : address;
    expect(kindOf(`https://${host}/`)).toBe("unfit");
    expect(kindOf(`https://${host}:8443/notices`)).toBe("unfit");
  });

  it.each(hostileUrls)("are never %j", (url) => {
    expect(kindOf(url)).toBe("unfit");
  });

  it("are public names and addresses, by https, on the ports that are allowed", () => {
    for (const url of [
      "https://producer.example/notices?tenant=1",
      "https://producer.example:8443/",
      "https://producer.example.:443/",
      "https://internal.producer.example/",
      "https://xn--bcher-kva.example/",
      "https://8.8.8.8/",
      "https://[2606:4700:4700::1111]/",
      "https://[64:ff9b::8.8.8.8]/",
    ])
      expect(readDestination(url, deployed)).toMatchObject({
        kind: "fit",
        destination: { addresses: "public" },
      });
    for (const address of ["8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
      expect(mayConnectTo(address, { addresses: "public" })).toBe(true);
  });

  it("are refused with the rule, without the URL", () => {
    const reading = readDestination("https://user:secret@producer.example/", deployed);
    expect(reading).toEqual({ kind: "unfit", why: "a URL must have no user name and no password" });
  });

  describe("of the local stack", () => {
    it("may be this machine, by http and on any port", () => {
      for (const url of [
        "http://127.0.0.1:4711/",
        "http://localhost/",
        "https://[::1]:9443/",
        "http://0x7f.1:80/",
      ])
        expect(readDestination(url, local)).toMatchObject({ destination: { addresses: "loopback" } });
      for (const address of ["127.0.0.1", "127.9.9.9", "::1"])
        expect(mayConnectTo(address, { addresses: "loopback" })).toBe(true);
    });

    it("are nothing else that is not public", () => {
      for (const address of innerAddresses.filter((one) => !/^(127\.|::1$)/.test(one))) {
        expect(mayConnectTo(address, { addresses: "loopback" }), address).toBe(false);
        const host = address.includes(":") ? `[${address}]` : address;
        for (const scheme of ["http", "https"])
          expect(kindOf(`${scheme}://${host}/`, local), address).toBe("unfit");
      }
      for (const url of hostileUrls.filter((one) => readDestination(one, local).kind === "fit"))
        expect(readDestination(url, local)).toMatchObject({ destination: { addresses: "loopback" } });
      expect(kindOf("http://producer.example/", local)).toBe("unfit");
    });

    it("do not let a public name lead to this machine", () => {
      const reading = readDestination("https://producer.example/", local);
      if (reading.kind !== "fit") throw new Error(reading.why);
      expect(mayConnectTo("127.0.0.1", reading.destination)).toBe(false);
    });
  });
});
