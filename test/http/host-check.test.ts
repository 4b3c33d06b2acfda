import { expect, test } from "bun:test";
import { hostname } from "node:os";
import { HostCheck } from "../../src/http/host-check.ts";
import { parseListenAddress } from "../../src/http/listen-address.ts";

function accepted(address: string, boundPort: number | undefined, hosts: readonly (string | null)[]): unknown[] {
  const parsed = parseListenAddress(address);
  if (parsed === undefined) throw new Error(`${address} is no address`);
  const check = new HostCheck(parsed, boundPort);
  return hosts.filter((host) => check.accepts(host));
}

const LOCAL = ["localhost:8787", "LOCALHOST:8787", "127.0.0.1:8787", "[::1]:8787"];
const machine = hostname().toLowerCase();
const FOREIGN = [
  null,
  "",
  ":8787",
  "evil.example:8787",
  "localhost",
  "localhost:8788",
  "localhost:80",
  "localhost:08787x",
  "localhost.:8787",
  "localhost.evil.example:8787",
  "127.0.0.1.evil.example:8787",
  "localhost:8787, evil.example:8787",
  "evil@localhost:8787",
  "localhost:8787/evil",
  "[::1:8787",
  "::1:8787",
  "0.0.0.0:8787",
  "127.0.0.2:8787",
  "192.168.1.20:8787",
];

test("of loopback, only its own names are hosts, and only with the port", () => {
  expect(accepted("8787", undefined, [...LOCAL, ...FOREIGN, `${machine}:8787`])).toEqual(LOCAL);
  expect(accepted("[::1]:8787", undefined, [...LOCAL, ...FOREIGN])).toEqual(LOCAL);
});

test("the port that counts is the one that was got", () => {
  expect(accepted("0", 40_001, ["localhost:40001", "localhost:0", "localhost"])).toEqual(["localhost:40001"]);
  expect(accepted("80", undefined, ["localhost", "localhost:80", "localhost:8787"])).toEqual([
    "localhost",
    "localhost:80",
  ]);
});

test("of an address of the machine, that address and the machine's names are hosts as well", () => {
  const own = ["192.168.1.20:8787", `${machine}:8787`, `${machine}.local:8787`];
  const hosts = [...LOCAL, ...own, "192.168.1.21:8787", "evil.example:8787", "192.168.1.20"];
  expect(accepted("192.168.1.20:8787", undefined, hosts)).toEqual([...LOCAL, ...own]);
});

test("of all addresses, any address is a host, but no name other than the machine's", () => {
  const any = ["10.1.2.3:8787", "[2001:db8::1]:8787", `${machine}:8787`];
  for (const wildcard of ["0.0.0.0:8787", "[::]:8787"]) {
    const hosts = [...LOCAL, ...any, "evil.example:8787", "10.1.2.3:8788", "10.1.2.3", "[::g]:8787", "1.2.3:8787"];
    expect(accepted(wildcard, undefined, hosts)).toEqual([...LOCAL, ...any]);
  }
});

test("of a Unix socket, the names of this machine are hosts, with the port of whatever tunnel leads there", () => {
  const hosts = ["localhost", "localhost:9000", "127.0.0.1:1", "[::1]"];
  expect(accepted("/run/viewer.sock", undefined, [...hosts, "evil.example", `${machine}:80`, null])).toEqual(hosts);
});
