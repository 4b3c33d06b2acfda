/**
 * Calls `onWake` whenever a native library wrote to its wake-up socket, and resolves when the library closed it. Several
 * bytes may come as one wake-up: the callee takes all events that there are. Owns `fd` and closes it at the end.
 *
 * A socket, because Bun reads one with half of what a pipe's stream costs it: a recording is woken once or twice a frame.
 */
export async function followWakeSocket(fd: number, onWake: () => void): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const options: Bun.FdSocketOptions = {
    fd,
    socket: { data: onWake, close: () => ended.resolve(), error: (_socket, error) => ended.reject(error) },
  };
  // Bun's types describe these options and leave them out of connect()'s overloads.
  await Bun.connect(options as unknown as Bun.UnixSocketOptions);
  await ended.promise;
}
