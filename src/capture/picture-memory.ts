/** Memory for one picture. Its owner calls `free()` when nobody reads it any more. */
export interface PictureMemory {
  readonly bytes: Uint8Array;
  /** Of the first byte, in this process. */
  readonly address: number;
  /** The dmabuf that it is, or -1. */
  readonly dmabufFd: number;
  /** Lets `fill` write; in a dmabuf, devices see the new bytes from then on. Throws `camera_failed` where they can't be shown. */
  write(fill: (bytes: Uint8Array) => void): void;
  /** Idempotent. */
  free(): void;
}
