import type { Board } from "../board.ts";
import type { Finding } from "../finding.ts";
import type { MachineFiles } from "../machine-files.ts";

export interface TemperatureFacts {
  readonly board: Board;
  /** Of the hottest zone, °C; undefined: nobody tells. */
  readonly celsius: number | undefined;
}

/** From here on a Raspberry Pi is slowed down by its firmware (Raspberry Pi documentation, "Frequency management"). */
const THROTTLED_CELSIUS = 80;
/** An hour of encoding is hotter than a look at it. */
const WARM_CELSIUS = 70;

export function readTemperature(files: MachineFiles, board: Board): TemperatureFacts {
  const folder = "/sys/class/thermal";
  const zones = (files.names(folder) ?? []).flatMap((name) => {
    const text = name.startsWith("thermal_zone") ? files.read(`${folder}/${name}/temp`) : undefined;
    return text !== undefined && /^\d+$/.test(text) ? Number(text) / 1000 : [];
  });
  return { board, celsius: zones.length === 0 ? undefined : Math.max(...zones) };
}

export function checkTemperature({ board, celsius }: TemperatureFacts): Finding {
  const finding = { check: "temperature", values: { celsius: celsius ?? null } } as const;
  if (celsius === undefined) {
    const level = board.isRaspberryPi ? "unknown" : "skipped";
    return { ...finding, level, sentence: "this machine does not tell its temperature", advice: [] };
  }
  const sentence = `${celsius.toFixed(0)} °C`;
  const advice = ["a fan or a heat sink"];
  if (celsius >= THROTTLED_CELSIUS)
    return { ...finding, level: "warning", sentence: `${sentence}: the CPU is slowed down from 80 °C on`, advice };
  if (celsius >= WARM_CELSIUS)
    return {
      ...finding,
      level: "warning",
      sentence: `${sentence}, and recording heats: the CPU is slowed down from 80 °C on`,
      advice,
    };
  return { ...finding, level: "ok", sentence, advice: [] };
}
