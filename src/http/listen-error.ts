import { messageOf } from "../errors.ts";
import { systemErrorCode } from "../system-error.ts";

/** The first port that everybody may listen on (ip(7), ip_unprivileged_port_start). */
const UNPRIVILEGED_PORT = 1024;

/** A server can't listen where it was told to: one line for whoever told it. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** What went wrong when a server was to listen at `where`, with the system's reason. `port`: undefined for a Unix socket. */
export function listenError(where: string, port: number | undefined, thrown: unknown): ListenError {
  return new ListenError(`${where}: can't listen there: ${reason(port, thrown)}`, { cause: thrown });
}

function reason(port: number | undefined, thrown: unknown): string {
  switch (systemErrorCode(thrown)) {
    case "EADDRINUSE":
      return port === undefined ? "another program does" : "the port is in use";
    case "EACCES":
    case "EPERM":
      return port !== undefined && port < UNPRIVILEGED_PORT
        ? `ports below ${UNPRIVILEGED_PORT} need more rights than this program has`
        : "this program has no right to";
    case "EADDRNOTAVAIL":
      return "this machine has no such address";
    case "EAFNOSUPPORT":
      return "this machine has no addresses of this kind";
    case "ENOENT":
    case "ENOTDIR":
      return "there is no such directory";
    case "ENAMETOOLONG":
      return "the path is too long for a socket (107 bytes at most)";
    case undefined:
    default:
      return messageOf(thrown);
  }
}
