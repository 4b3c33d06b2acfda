import { isIP } from "node:net";
import { hostname as machineName } from "node:os";
import { inUrl, isWildcard, type ListenAddress } from "./listen-address.ts";

const LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"];
const HTTP_PORT = 80;

/**
 * Tells whether a request's `Host` names what is listened to. A page of another site that has its own name resolve to
 * this machine (DNS rebinding) sends that name. `port`: the one that is listened to, where the address leaves it open.
 */
export class HostCheck {
  readonly #names: ReadonlySet<string>;
  readonly #anyAddress: boolean;
  /** undefined: any. Behind a Unix socket there may be a tunnel from whatever port. */
  readonly #port: number | undefined;

  constructor(address: ListenAddress, port: number | undefined) {
    const isTcp = address.kind === "tcp";
    const machine = machineName().toLowerCase();
    const isRemote = isTcp && !LOCAL_NAMES.includes(inUrl(address.hostname));
    this.#names = new Set([
      ...LOCAL_NAMES,
      ...(isTcp ? [inUrl(address.hostname)] : []),
      ...(isRemote ? [machine, `${machine}.local`] : []),
    ]);
    // An address can't be rebound: it is no name.
    this.#anyAddress = isTcp && isWildcard(address.hostname);
    this.#port = isTcp ? (port ?? address.port) : undefined;
  }

  /** `host`: the header. Several of them come joined by commas, and are none of ours. */
  accepts(host: string | null): boolean {
    const match = /^(\[[\da-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(host?.toLowerCase() ?? "");
    const name = match?.[1];
    if (name === undefined) return false;
    if (this.#port !== undefined && Number(match?.[2] ?? HTTP_PORT) !== this.#port) return false;
    return this.#names.has(name) || (this.#anyAddress && isIP(name.replace(/^\[|\]$/g, "")) !== 0);
  }
}
