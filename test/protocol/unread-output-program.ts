import { OutputQueue } from "../../src/protocol/output-queue.ts";

/** Writes more to stdout than any pipe holds, says so on stderr, and leaves at SIGTERM with what was not written. */
const queue = new OutputQueue({ fd: 1, onClosed() {} });
process.on("SIGTERM", () => {
  void queue.flush(100).then((written) => process.exit(written ? 1 : 0));
});
for (let number = 0; number < 100; number++) queue.push("x".repeat(60_000), { droppable: false });
// Once round the event loop: a thread held by a write would not come back to it.
setTimeout(() => process.stderr.write("alive\n"), 50);
setInterval(() => {}, 1000);
