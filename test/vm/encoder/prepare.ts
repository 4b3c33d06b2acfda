import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatOf } from "../../native/formats.ts";
import { compile } from "../compile.ts";
import { encoderFolder, sourceName, type StreamCase, streamCases } from "./plan.ts";
import { ScrollingPicture } from "./scrolling-picture.ts";

/** Makes what the guest needs, where that is quicker than in software emulation: the painted pictures, the decoder. */
export async function prepareEncoder(share: string): Promise<void> {
  const folder = join(share, encoderFolder);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const stream of Object.values<StreamCase>(streamCases))
    if (stream.from === "memory") paintSources(folder, stream);

  // Static: the guest's root may be another Debian's.
  const source = join(import.meta.dir, "guest/fwht-decoder.cpp");
  await compile(source, join(folder, "fwht-decoder"), "-static");
}

function paintSources(folder: string, { name, pixelFormat, width, height, frameCount }: StreamCase): void {
  const picture = new ScrollingPicture(formatOf(pixelFormat, width, height), frameCount);
  mkdirSync(join(folder, name));
  for (let index = 0; index < frameCount; index++)
    writeFileSync(join(folder, name, sourceName(index)), Buffer.concat(picture.planes(index)));
}
