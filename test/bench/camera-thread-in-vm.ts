/**
 * How many instructions our code on libcamera's thread takes with a real libcamera camera, and with the stand-in that
 * camera-thread.ts has in its place: `bun test/bench/camera-thread-in-vm.ts`.
 *
 * Both run in the virtual machine of test/vm, whose clock counts instructions: nothing there depends on how busy this
 * machine is, or on what its caches hold. The camera is the kernel's `vimc`, the library is libcsi_camera.so with its
 * slot timed. Exit status 77: this machine cannot run the VM.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTool } from "../support/run-tool.ts";
import { boot, CANNOT_RUN } from "../vm/scripts.ts";
import { CameraThreadTimes } from "./camera-thread/times.ts";
import { percentile } from "../support/percentile.ts";

const SHIM = join(import.meta.dir, "../../shim");
const FRAMES = 300;

await runTool("flock", join(SHIM, "Makefile"), "make", "-C", SHIM, "-s", "camera-thread", "timed-camera");
const share = mkdtempSync(join(tmpdir(), "csi-camera-thread-"));
try {
  writeFileSync(
    join(share, "cmd.sh"),
    `set -e
. "$CHECKOUT/test/vm/guest/virtual-camera.sh"
cd "$CHECKOUT/shim/build"
test/bench-camera-thread ${FRAMES} 15 0 >/mnt/stand-in.json
mount --bind test/libcsi_camera.so libcsi_camera.so
export CSI_BENCH_TIMES=/mnt/camera.txt
"$CHECKOUT/node_modules/.bin/bun" "$CHECKOUT/test/bench/camera-thread/in-vm/take-frames-program.ts" ${FRAMES}
`,
  );
  const status = await boot(share, { CSI_CAMERA_VM_CLOCK: "instructions" });
  if (status === 0) tell();
  else if (status !== CANNOT_RUN) console.error(readFileSync(join(share, "vm/stderr"), "utf8").slice(-2000));
  process.exitCode = status;
} finally {
  rmSync(share, { recursive: true });
}

function tell(): void {
  const standIn = CameraThreadTimes.parse(JSON.parse(readFileSync(join(share, "stand-in.json"), "utf8")));
  const lines = readFileSync(join(share, "camera.txt"), "utf8").trim().split("\n");
  const camera = lines.map((line) => line.split(" ").map(Number));
  // A clock's reading is in each time.
  say(
    "camera: our slot",
    without(
      camera.map(([slot = 0]) => slot),
      camera.map(([, clock = 0]) => clock),
    ),
  );
  say("stand-in: signal and slot", without(standIn.goodNs, standIn.clockNs));
  say("  of which waking the reader", without(standIn.wakeNs, standIn.clockNs));
}

function without(times: readonly number[], clock: readonly number[]): number[] {
  const reading = percentile(clock, 50);
  return times.map((time) => time - reading);
}

function say(what: string, instructions: readonly number[]): void {
  const [p50, p99] = [percentile(instructions, 50), percentile(instructions, 99)];
  console.log(`${what.padEnd(29)} p50 ${p50}, p99 ${p99} instructions (${instructions.length} requests)`);
}
