import { expect, test } from "bun:test";
import { listReport } from "../../src/program/list-report.ts";
import type { M2mNode } from "../../src/native/m2m-list.ts";
import { BCM2835 } from "../support/encoder-node.ts";
import { runProgram } from "../support/run-program.ts";
import { machineWith } from "./machine-with.ts";

const range = { min: 32, max: 1920, step: 2 };
const encoder: M2mNode = { ...BCM2835, codecs: ["h264", "jpeg", "fwht"], height: { min: 0, max: 0, step: 0 } };

test("list --json tells each camera by its index, the encoders, and what could not be looked at", () => {
  const nodes = [encoder, { kind: "unreadable", path: "/dev/video12", errno: 16 }] as const;
  expect(listReport({ ...machineWith(["imx296"]), nodes: { value: nodes } })).toEqual({
    format_version: 1,
    cameras: [{ index: 0, device_id: "picam:0", id: "/base/camera@0", model: "imx296", width: 1456, height: 1088 }],
    libcamera: { runtime: "0.4.0", build: "0.4.0" },
    software_encoders: [{ codec: "h264", encoder: "libx264 core 164" }],
    hardware_encoders: [
      {
        path: "/dev/video11",
        driver: "bcm2835-codec",
        card: "bcm2835-codec-encode",
        codecs: ["h264", "mjpeg"],
        width: range,
        height: null,
      },
    ],
    missing: [
      { what: "mjpeg", code: "encoder_unavailable", reason: "libcsi_image.so is not built" },
      { what: "/dev/video12", code: "encoder_unavailable", reason: "another program uses it" },
    ],
  });
});

test("the program prints it, as one JSON object and nothing else", async () => {
  const { exitCode, stdout, stderr } = await runProgram(["list", "--json"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({
    format_version: 1,
    software_encoders: [{ codec: "h264", encoder: expect.stringContaining("libx264") }, { codec: "mjpeg" }],
  });
});
