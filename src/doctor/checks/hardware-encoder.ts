import type { Machine } from "../../program/machine.ts";
import { whyUnreadable } from "../../program/m2m-node-lines.ts";
import type { CameraConfig } from "../../runtime/camera-config.ts";
import type { Board } from "../board.ts";
import type { Finding } from "../finding.ts";
import { nameSome } from "../name-some.ts";

export interface HardwareEncoderFacts {
  readonly board: Board;
  readonly nodes: Machine["nodes"];
  readonly codec: CameraConfig["codec"];
  readonly encoder: CameraConfig["encoder"];
}

/** Which V4L2 encoders are there, by name; whether one of them works is another finding's. */
export function checkHardwareEncoder({ board, nodes, codec, encoder }: HardwareEncoderFacts): Finding {
  const all = "value" in nodes ? nodes.value : [];
  const encoders = all.flatMap((node) => (node.kind === "encoder" ? [node] : []));
  const unreadable = all.flatMap((node) => (node.kind === "encoder" ? [] : [node]));
  const fitting = encoders.filter(({ codecs }) => codecs.includes(codec === "h264" ? "h264" : "jpeg"));
  const isNeeded = encoder.kind === "v4l2m2m";
  const finding = {
    check: "hardware_encoder",
    values: {
      encoders: encoders.map(({ path, driver, card, codecs }) => ({ path, driver, card, codecs: [...codecs] })),
      fitting: fitting.map(({ path }) => path),
      unreadable: unreadable.map(({ path }) => path),
    },
  } as const;
  const trouble = isNeeded ? "failure" : "warning";
  if (encoder.kind === "software")
    return { ...finding, level: "skipped", sentence: "--encoder software asks for none", advice: [] };
  if ("error" in nodes) return { ...finding, level: trouble, sentence: nodes.error.message, advice: [] };
  if (unreadable.length > 0 && fitting.length === 0) {
    const errnos = [...new Set(unreadable.map(({ errno }) => errno))];
    const pathsOf = (errno: number) => unreadable.flatMap((node) => (node.errno === errno ? node.path : []));
    const reasons = errnos.map((errno) => `${nameSome(pathsOf(errno))}: ${whyUnreadable(errno)}`).join("; ");
    const sentence = `whether there is an encoder can't be seen: ${reasons}`;
    return { ...finding, level: trouble, sentence, advice: ["see Permissions and In use"] };
  }
  if (fitting.length > 0) {
    const names = fitting.map(({ path, card }) => `${path} (${card})`).join(", ");
    return { ...finding, level: "ok", sentence: `${names} encodes ${codec}`, advice: [] };
  }
  if (isNeeded) {
    const sentence = `--encoder v4l2m2m, and no node of this machine encodes ${codec}`;
    return { ...finding, level: "failure", sentence, advice: ["use --encoder auto or software"] };
  }
  if (board.hasEncoder) {
    const sentence = `none for ${codec}, though a ${board.model ?? "Raspberry Pi"} has one: software encodes`;
    return { ...finding, level: "warning", sentence, advice: ['load its driver: "sudo modprobe bcm2835-codec"'] };
  }
  const why = board.sections.includes("pi5") ? "a Raspberry Pi 5 has none" : "this machine has none";
  return { ...finding, level: "ok", sentence: `${why}, software encodes ${codec}`, advice: [] };
}
