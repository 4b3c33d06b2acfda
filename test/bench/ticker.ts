/** Writes a byte to a Unix socket so many times a second until it is closed: a camera's interrupt. */
import { FramePacer } from "../../src/capture/frame-pacer.ts";

const [path, frameRate] = process.argv.slice(2);
if (path === undefined) throw new Error("expected SOCKET FRAMES_PER_SECOND");

const socket = await Bun.connect({ unix: path, socket: { data() {}, close: () => process.exit(0) } });
new FramePacer(1e9 / Number(frameRate), () => socket.write("t")).start();
