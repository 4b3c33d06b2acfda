/** Writes the time to a Unix socket so many times a second until it is closed, ns in 8 bytes: a camera's interrupt. */
import { FramePacer } from "../../src/capture/frame-pacer.ts";
import { monotonicNs } from "../../src/native/clocks.ts";

const [path, frameRate] = process.argv.slice(2);
if (path === undefined) throw new Error("expected SOCKET FRAMES_PER_SECOND");

const socket = await Bun.connect({ unix: path, socket: { data() {}, close: () => process.exit(0) } });
const now = new BigUint64Array(1);
new FramePacer(1e9 / Number(frameRate), () => {
  now[0] = monotonicNs();
  socket.write(new Uint8Array(now.buffer));
}).start();
