import { once } from "node:events";
import { createServer } from "node:net";
import { ModuleProcess } from "../support/module-process.ts";
import { assign } from "../support/record.ts";

/** A module that is watched: it said `ready`, was assigned a camera, and shows its pictures. */
export interface WatchedModule extends AsyncDisposable {
  /** Of the page. */
  readonly url: string;
  readonly host: ModuleProcess;
  /** Ends it and starts it again, at the same address. */
  restart(): Promise<void>;
}

/** The real program with its synthetic camera, and more of its options; the last one of a kind counts. */
export async function startWatchedModule(options: readonly string[] = []): Promise<WatchedModule> {
  const port = await freePort();
  const camera = ["--source", "synthetic", "--size", "640x480", "--record-fps", "30"];
  const viewer = ["--debug-socket", String(port), "--preview-fps", "30"];
  const start = async (): Promise<ModuleProcess> => {
    const started = new ModuleProcess([...camera, ...viewer, ...options]);
    await assign(started);
    return started;
  };
  let host = await start();
  return {
    url: `http://localhost:${port}/`,
    get host() {
      return host;
    },
    async restart() {
      await host.ask("quit");
      await host[Symbol.asyncDispose]();
      host = await start();
    },
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  server.close();
  await once(server, "close");
  return address.port;
}
