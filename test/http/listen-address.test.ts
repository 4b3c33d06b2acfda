import { expect, test } from "bun:test";
import { formatListenAddress, isLocal, parseListenAddress } from "../../src/http/listen-address.ts";

const GOOD: [string, ReturnType<typeof parseListenAddress>, string, boolean][] = [
  ["8787", { kind: "tcp", hostname: "127.0.0.1", port: 8787 }, "127.0.0.1:8787", true],
  ["0", { kind: "tcp", hostname: "127.0.0.1", port: 0 }, "127.0.0.1:0", true],
  ["127.0.0.1:8787", { kind: "tcp", hostname: "127.0.0.1", port: 8787 }, "127.0.0.1:8787", true],
  ["127.9.8.7:1", { kind: "tcp", hostname: "127.9.8.7", port: 1 }, "127.9.8.7:1", true],
  ["[::1]:8787", { kind: "tcp", hostname: "::1", port: 8787 }, "[::1]:8787", true],
  ["[0:0:0:0:0:0:0:1]:8787", { kind: "tcp", hostname: "::1", port: 8787 }, "[::1]:8787", true],
  ["0.0.0.0:8787", { kind: "tcp", hostname: "0.0.0.0", port: 8787 }, "0.0.0.0:8787", false],
  ["192.168.1.20:65535", { kind: "tcp", hostname: "192.168.1.20", port: 65_535 }, "192.168.1.20:65535", false],
  ["[::]:8787", { kind: "tcp", hostname: "::", port: 8787 }, "[::]:8787", false],
  ["[FE80::1]:8787", { kind: "tcp", hostname: "fe80::1", port: 8787 }, "[fe80::1]:8787", false],
  [
    "/run/csi camera/viewer.sock",
    { kind: "unix", path: "/run/csi camera/viewer.sock" },
    "/run/csi camera/viewer.sock",
    true,
  ],
  ["./8787", { kind: "unix", path: "./8787" }, "./8787", true],
];

test.each(GOOD)("%s is an address", (text, address, formatted, local) => {
  expect(parseListenAddress(text)).toEqual(address);
  if (address === undefined) throw new Error("expected an address");
  expect(formatListenAddress(address)).toBe(formatted);
  expect(isLocal(address)).toBe(local);
});

test.each([
  "",
  " 8787",
  "65536",
  "99999999",
  "-1",
  "8787x",
  ":8787",
  "localhost:8787",
  "camera.local:8787",
  "127.0.0.1",
  "127.0.0.1:",
  "127.0.0.1:65536",
  "127.0.1:8787",
  "127.0.0.256:8787",
  "0177.0.0.1:8787",
  "::1:8787",
  "[::1]",
  "[::1]8787",
  "[127.0.0.1]:8787",
  "[::g]:8787",
  "[fe80::1%eth0]:8787",
  "viewer.sock",
  "/run/",
])("%p is none", (text) => {
  expect(parseListenAddress(text)).toBeUndefined();
});
