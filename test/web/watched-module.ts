import { command, status } from "./made-up-traffic.ts";
import { movingPictures } from "./moving-pictures.ts";
import { ScriptedModule } from "./scripted-module.ts";

/** What a module that is watched does of its own: it says `ready`, is assigned a camera, and shows its pictures. */
export interface WatchedModule extends AsyncDisposable {
  /** Of the page. */
  readonly url: string;
  /** Ends it and starts it again, at the same address. */
  restart(): Promise<void>;
}

/** The one place that knows that it is a scripted one. */
export async function startWatchedModule(): Promise<WatchedModule> {
  const pictures = await movingPictures(368, 272, 30);
  const module = await ScriptedModule.start();
  const begin = () => {
    const now = { at: new Date().toISOString(), monotonic_ms: performance.now() };
    const said = [
      status(1, "ready", null),
      command(2, "assign_device", "assign_1"),
      status(3, "device_ready", "assign_1"),
    ];
    module.say(...said.map((entry) => ({ ...entry, ...now })));
    module.play(pictures);
  };
  begin();
  return {
    url: module.url,
    async restart() {
      await module.stop();
      module.startAgain();
      begin();
    },
    [Symbol.asyncDispose]: () => module.stop(),
  };
}
