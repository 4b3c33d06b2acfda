import { createHash, timingSafeEqual } from "node:crypto";

/** The WebSocket's own subprotocol. */
export const SUBPROTOCOL = "csi-camera";
/** What stands before the token, in base64url, where a viewer offers it as a further subprotocol. */
const TOKEN_PREFIX = "token.";

/** Compares tokens in a time that tells nothing of them: by their digests, which are of one length. */
export class TokenCheck {
  readonly #digest: Buffer | undefined;

  /** `token` undefined: there is none, and everybody has it. */
  constructor(token: string | undefined) {
    if (token !== undefined) this.#digest = digestOf(Buffer.from(token));
  }

  /** `subprotocols`: the header `Sec-WebSocket-Protocol`, the one place where a browser lets a page put it. */
  accepts(subprotocols: string | null): boolean {
    if (this.#digest === undefined) return true;
    const offered = offeredSubprotocols(subprotocols).find((one) => one.startsWith(TOKEN_PREFIX));
    const token = Buffer.from(offered?.slice(TOKEN_PREFIX.length) ?? "", "base64url");
    return timingSafeEqual(digestOf(token), this.#digest);
  }
}

export function offeredSubprotocols(header: string | null): string[] {
  return (header ?? "").split(",").map((one) => one.trim());
}

function digestOf(token: Uint8Array): Buffer {
  return createHash("sha256").update(token).digest();
}
