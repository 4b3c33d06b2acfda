import { SyntheticFaults } from "../capture/synthetic-faults.ts";
import type { EncoderConfig, SourceConfig } from "./camera-config.ts";

/** How the text of an option becomes the value that its schema checks. undefined: this is no such value. */
export type OptionParser = (text: string) => unknown;

export const parseText: OptionParser = (text) => (text === "" ? undefined : text);

export const parseNumber: OptionParser = (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined);

/** `1/4` or `0.25`. */
export const parseFraction: OptionParser = (text) => {
  const match = /^(\d+(?:\.\d+)?)(?:\/(\d+(?:\.\d+)?))?$/.exec(text);
  const value = Number(match?.[1]) / Number(match?.[2] ?? 1);
  return Number.isFinite(value) ? value : undefined;
};

/** `8000000`, `8000k`, `8M`: bit/s. */
export const parseBitrate: OptionParser = (text) => {
  const match = /^(\d+(?:\.\d+)?)([kM]?)$/.exec(text);
  const factor = { "": 1, k: 1e3, M: 1e6 }[match?.[2] ?? ""] ?? 1;
  return match === null ? undefined : Math.round(Number(match[1]) * factor);
};

/** Seconds (`10`, `2.5`, `10s`) or milliseconds (`500ms`), as ms. */
export const parseDurationMs: OptionParser = (text) => {
  const match = /^(\d+(?:\.\d+)?)(s|ms)?$/.exec(text);
  return match === null ? undefined : Number(match[1]) * (match[2] === "ms" ? 1 : 1000);
};

/** `1456x1088`. */
export const parseSize: OptionParser = (text) => {
  const match = /^(\d+)x(\d+)$/.exec(text);
  return match === null ? undefined : { width: Number(match[1]), height: Number(match[2]) };
};

/** `libcamera`, `synthetic[:key=value,…]`, `replay:FILE.y4m[,pace=free]`, `replay:FILE.yuv,WxH[,stride=N][,pace=free]`. */
export const parseSource: OptionParser = (text): SourceConfig | undefined => {
  if (text === "libcamera") return { kind: "libcamera" };
  if (text === "synthetic") return { kind: "synthetic", faults: SyntheticFaults.parse({}) };
  if (text.startsWith("synthetic:")) return parseSynthetic(text.slice("synthetic:".length));
  if (text.startsWith("replay:")) return parseReplay(text.slice("replay:".length));
  return undefined;
};

/** `auto`, `software`, `v4l2m2m`, `v4l2m2m:/dev/video11`. */
export const parseEncoder: OptionParser = (text): EncoderConfig | undefined => {
  if (text === "auto" || text === "software") return { kind: text };
  if (text === "v4l2m2m") return { kind: text };
  return text.startsWith("v4l2m2m:/") ? { kind: "v4l2m2m", device: text.slice("v4l2m2m:".length) } : undefined;
};

function parseSynthetic(text: string): SourceConfig | undefined {
  const given = text.split(",").map((part) => {
    const [key, value] = splitOnce(part, "=");
    return [key, parseFault(value)];
  });
  const faults = SyntheticFaults.safeParse(Object.fromEntries(given));
  return faults.success ? { kind: "synthetic", faults: faults.data } : undefined;
}

/** A number, `N+M` (every N frames, M are lost), or a word. */
function parseFault(text: string): unknown {
  const gap = /^(\d+)\+(\d+)$/.exec(text);
  if (gap !== null) return { every: Number(gap[1]), lost: Number(gap[2]) };
  return parseNumber(text) ?? text;
}

function parseReplay(text: string): SourceConfig | undefined {
  const [, file = "", pace] = /^(.*?)(,pace=free)?$/s.exec(text) ?? [];
  const free = pace === undefined ? {} : { pace: "free" as const };
  const match = /^(.+?),(\d+)x(\d+)(?:,stride=(\d+))?$/.exec(file);
  if (match === null) return file.endsWith(".y4m") ? { kind: "replay", path: file, ...free } : undefined;
  const [, path = "", width, height, stride] = match;
  return {
    kind: "replay",
    path,
    ...free,
    raw: { width: Number(width), height: Number(height), stride: Number(stride ?? width) },
  };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
