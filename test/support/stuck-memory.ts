import { dlopen, type Pointer } from "bun:ffi";
import { closeSync } from "node:fs";
import { CapturedFrame } from "../../src/capture/captured-frame.ts";
import { planeRows } from "../../src/capture/stream-format.ts";

const { symbols: libc } = dlopen("libc.so.6", {
  mmap: { args: ["ptr", "u64", "i32", "i32", "i32", "i64"], returns: "ptr" },
  munmap: { args: ["ptr", "u64"], returns: "i32" },
  syscall: { args: ["i64", "i64"], returns: "i64" },
  ioctl: { args: ["i32", "u64", "ptr"], returns: "i32" },
});

// sys/mman.h
const PROT_READ_WRITE = 3;
const MAP_PRIVATE_ANONYMOUS = 0x22;
// linux/userfaultfd.h, asm/unistd.h
const SYS_USERFAULTFD = process.arch === "arm64" ? 282 : 323;
const CLOEXEC_USER_MODE_ONLY = 0o2000000 | 1;
const UFFD_API = 0xaan;
const UFFDIO_API = 0xc018aa3f;
const UFFDIO_REGISTER = 0xc020aa00;
const REGISTER_MODE_MISSING = 1n;

/** Whether this kernel lets us have such memory; not every container does. */
export const mayStick: boolean = (() => {
  const fd = Number(libc.syscall(SYS_USERFAULTFD, CLOEXEC_USER_MODE_ONLY));
  if (fd < 0) return false;
  closeSync(fd);
  return true;
})();

/**
 * Memory that keeps every thread that reads it until `unstick()`: what a driver's system call that does not return is to
 * an encoder's thread (userfaultfd(2)). Never to be read by this thread.
 */
export class StuckMemory implements Disposable {
  readonly #address: Pointer;
  readonly #byteCount: number;
  #fd: number;

  constructor(byteCount: number) {
    this.#byteCount = byteCount;
    const address = libc.mmap(null, byteCount, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
    this.#fd = Number(libc.syscall(SYS_USERFAULTFD, CLOEXEC_USER_MODE_ONLY));
    if (address === null || this.#fd < 0) throw new Error("the kernel gives no such memory");
    this.#address = Number(address) as Pointer;
    const pages = BigInt(Math.ceil(byteCount / 4096) * 4096);
    this.#ioctl(UFFDIO_API, BigUint64Array.of(UFFD_API, 0n, 0n));
    this.#ioctl(UFFDIO_REGISTER, BigUint64Array.of(BigInt(address), pages, REGISTER_MODE_MISSING, 0n));
  }

  /** The frame with its pixels in this memory; `frame` is released with it. */
  hold(frame: CapturedFrame): CapturedFrame {
    const { format } = frame;
    let offset = 0;
    const planes = format.strides.map((stride, plane) => {
      const start = offset;
      offset += stride * planeRows(format, plane);
      return {
        address: Number(this.#address) + start,
        byteCount: offset - start,
        dmabufFd: -1,
        dmabufOffset: 0,
      };
    });
    return new CapturedFrame(frame, format, { planes, giveBack: () => frame.release() });
  }

  /** Whoever waits goes on, and reads zeros. Idempotent. */
  unstick(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }

  [Symbol.dispose](): void {
    this.unstick();
    libc.munmap(this.#address, this.#byteCount);
  }

  #ioctl(request: number, argument: BigUint64Array): void {
    if (libc.ioctl(this.#fd, request, argument) !== 0) throw new Error(`userfaultfd does not take ${request}`);
  }
}
