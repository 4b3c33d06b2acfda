import { isIPv4, isIPv6 } from "node:net";

/** Where the viewer listens. `hostname`: an IP address, an IPv6 one without brackets. Port 0: any that is free. */
export type ListenAddress =
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

/** What `parseListenAddress` takes, for errors. */
export const LISTEN_ADDRESS_EXPECTED = "a port, ADDRESS:PORT, [IPv6]:PORT or a path with a / in it";

const LOOPBACK = "127.0.0.1";

/** `8787` (of loopback), `127.0.0.1:8787`, `[::1]:8787`, or a path. Names are not looked up. undefined: it is none of these. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  if (text.includes("/")) return text.endsWith("/") ? undefined : { kind: "unix", path: text };
  const match = /^(?:(?<ipv4>[\d.]+):|\[(?<ipv6>[\da-f:.]+)\]:)?(?<port>\d{1,5})$/i.exec(text);
  const { ipv4, ipv6, port } = match?.groups ?? {};
  if (port === undefined || Number(port) > 65_535) return undefined;
  if (ipv4 !== undefined && !isIPv4(ipv4)) return undefined;
  if (ipv6 !== undefined && !isIPv6(ipv6)) return undefined;
  const hostname = ipv6 === undefined ? (ipv4 ?? LOOPBACK) : canonicalIPv6(ipv6);
  return { kind: "tcp", hostname, port: Number(port) };
}

/** Whether only programs of this machine get there. */
export function isLocal(address: ListenAddress): boolean {
  return address.kind === "unix" || /^127\.|^::1$/.test(address.hostname);
}

/** Of all addresses of the machine. */
export function isWildcard(hostname: string): boolean {
  return hostname === "0.0.0.0" || hostname === "::";
}

/** As it stands in a URL. */
export function inUrl(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

export function formatListenAddress(address: ListenAddress): string {
  return address.kind === "unix" ? address.path : `${inUrl(address.hostname)}:${address.port}`;
}

/** As browsers write it. */
function canonicalIPv6(hostname: string): string {
  return new URL(`http://[${hostname}]`).hostname.slice(1, -1);
}
