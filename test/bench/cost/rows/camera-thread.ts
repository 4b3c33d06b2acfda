import { type Row, unmeasuredRow } from "../row.ts";

/** There is no libcamera thread without a camera. */
export function cameraThreadRow(): Row {
  return unmeasuredRow("our code on libcamera's thread, p99", 20, "µs", "needs a camera");
}
