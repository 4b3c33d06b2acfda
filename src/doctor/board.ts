import type { MachineFiles } from "./machine-files.ts";

/** Which computer this is. */
export interface Board {
  /** As the device tree says, e.g. `Raspberry Pi 4 Model B Rev 1.4`; undefined where there is none, as on a PC. */
  readonly model: string | undefined;
  readonly isRaspberryPi: boolean;
  /** A Raspberry Pi that is known to have a V4L2 encoder. */
  readonly hasEncoder: boolean;
  /** Raspberry Pi: sections of config.txt that hold for it, e.g. `pi4`. */
  readonly sections: readonly string[];
}

/** Model filters of config.txt (Raspberry Pi documentation, "Conditional filters") by what the model is called. */
const SECTIONS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/Compute Module 5/, ["pi5", "cm5"]],
  [/Pi 500/, ["pi5", "pi500"]],
  [/Pi 5/, ["pi5"]],
  [/Compute Module 4S/, ["pi4", "cm4s"]],
  [/Compute Module 4/, ["pi4", "cm4"]],
  [/Pi 400/, ["pi4", "pi400"]],
  [/Pi 4/, ["pi4"]],
  [/Zero 2/, ["pi0", "pi0w", "pi02"]],
  [/Zero W/, ["pi0", "pi0w"]],
  [/Zero/, ["pi0"]],
  [/Compute Module 3/, ["pi3", "cm3"]],
  [/Pi 3 Model [AB] Plus/, ["pi3", "pi3+"]],
  [/Pi 3/, ["pi3"]],
  [/Pi 2/, ["pi2"]],
];

export function readBoard(files: MachineFiles): Board {
  const model = files.read("/proc/device-tree/model");
  const isRaspberryPi = model?.startsWith("Raspberry Pi") ?? false;
  const sections = SECTIONS.find(([name]) => isRaspberryPi && name.test(model ?? ""))?.[1] ?? [];
  return { model, isRaspberryPi, hasEncoder: sections.length > 0 && !sections.includes("pi5"), sections };
}
