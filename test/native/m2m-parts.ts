import { dlopen, type Pointer } from "bun:ffi";
import { join } from "node:path";

const SHIM = join(import.meta.dir, "../../shim");

const SYMBOLS = {
  parts_read_annex_b: { args: ["ptr", "u32", "ptr", "ptr"], returns: "u32" },
  parts_matcher_create: { args: ["u32"], returns: "ptr" },
  parts_matcher_destroy: { args: ["ptr"], returns: "void" },
  parts_matcher_submit: { args: ["ptr", "i64"], returns: "i64" },
  parts_matcher_take: { args: ["ptr", "i64", "ptr", "u32", "u32"], returns: "i32" },
  parts_matcher_complete: { args: ["ptr"], returns: "void" },
  parts_matcher_skip_all: { args: ["ptr", "u32"], returns: "void" },
  parts_matcher_event: { args: ["ptr", "ptr"], returns: "i32" },
  parts_matcher_read: { args: ["ptr", "ptr", "u32"], returns: "i32" },
} as const;

const native = load();

function load() {
  const { exitCode, stderr } = Bun.spawnSync(["make", "-C", SHIM, "-s", "m2m-parts"]);
  if (exitCode !== 0) throw new Error(stderr.toString());
  return dlopen(join(SHIM, "build/test/libm2m_parts.so"), SYMBOLS).symbols;
}

export interface AccessUnit {
  readonly bytes: Uint8Array;
  readonly hasPicture: boolean;
  readonly isKey: boolean;
}

export function readAnnexB(stream: Uint8Array): AccessUnit {
  const out = new Uint8Array(2 * stream.length + 64);
  const picture = new Uint32Array(1);
  // Bun has no pointer to an empty array.
  const input = stream.length > 0 ? stream : new Uint8Array(1);
  const byteCount = native.parts_read_annex_b(input, stream.length, out, picture);
  const flags = picture[0] ?? 0;
  return { bytes: out.slice(0, byteCount), hasPicture: (flags & 1) !== 0, isKey: (flags & 2) !== 0 };
}

export type MatcherEvent =
  | { readonly kind: "packet"; readonly timestampNs: bigint; readonly isKey: boolean; readonly data: Uint8Array }
  | { readonly kind: "skipped"; readonly timestampNs: bigint; readonly reason: SkipReason };

const SKIP_REASONS = ["swallowed", "damaged", "stalled", "lost"] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** The m2m library's ResultMatcher for H.264, with the port that it reports to. */
export class Matcher implements Disposable {
  readonly #handle: Pointer;

  constructor() {
    const handle = native.parts_matcher_create(0);
    if (handle === null) throw new Error("no matcher");
    this.#handle = handle as Pointer;
  }

  /** The time that goes with the frame, µs. */
  submit(timestampNs: bigint): bigint {
    return native.parts_matcher_submit(this.#handle, timestampNs);
  }

  /** 0 or -errno. */
  take(timeUs: bigint, bytes: Uint8Array, damaged = false): number {
    return native.parts_matcher_take(this.#handle, timeUs, bytes, bytes.length, damaged ? 1 : 0);
  }

  complete(): void {
    native.parts_matcher_complete(this.#handle);
  }

  skipAll(reason: SkipReason): void {
    native.parts_matcher_skip_all(this.#handle, SKIP_REASONS.indexOf(reason));
  }

  /** Results so far that were not yet asked for. */
  events(): MatcherEvent[] {
    const events: MatcherEvent[] = [];
    const bytes = new Uint8Array(new ArrayBuffer(24));
    const view = new DataView(bytes.buffer);
    while (native.parts_matcher_event(this.#handle, bytes) === 0) {
      const kind = view.getUint32(0, true);
      const flags = view.getUint32(4, true);
      const timestampNs = view.getBigInt64(8, true);
      if (kind === 2) {
        events.push({ kind: "packet", timestampNs, isKey: flags === 1, data: this.#read(view.getUint32(16, true)) });
      } else if (kind === 3) {
        events.push({ kind: "skipped", timestampNs, reason: SKIP_REASONS[flags] ?? "lost" });
      }
    }
    return events;
  }

  [Symbol.dispose](): void {
    native.parts_matcher_destroy(this.#handle);
  }

  #read(byteCount: number): Uint8Array {
    const data = new Uint8Array(byteCount);
    if (native.parts_matcher_read(this.#handle, data, byteCount) !== 0) throw new Error("the packet has no bytes");
    return data;
  }
}
