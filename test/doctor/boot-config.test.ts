import { expect, test } from "bun:test";
import { checkBootConfig, readBootConfig } from "../../src/doctor/checks/boot-config.ts";
import { MachineTree, PC, PI_4, PI_5 } from "./machine-tree.ts";

const CONFIG = "/boot/firmware/config.txt";

function check(files: Readonly<Record<string, string>>, { board = PI_4, cameras = 0 } = {}) {
  using tree = new MachineTree(files);
  return checkBootConfig(readBootConfig(tree.files, board), cameras);
}

test("a camera that is found by itself, or named by its overlay, is set up", () => {
  expect(check({ [CONFIG]: "# camera_auto_detect=0\ncamera_auto_detect=1 # all\r\n" })).toMatchObject({
    level: "ok",
    sentence: `${CONFIG}: camera_auto_detect=1, no camera's overlay`,
  });
  expect(check({ "/boot/config.txt": "dtoverlay=vc4-kms-v3d\n dtoverlay = imx296,cam0\n" })).toMatchObject({
    level: "ok",
    values: { path: "/boot/config.txt", camera_auto_detect: false, overlays: ["imx296,cam0"], start_x: false },
  });
});

test("a line counts in the sections that hold for the board", () => {
  const text = "[pi4]\ndtoverlay=imx477\n[pi5]\ndtoverlay=imx296\n[none]\nstart_x=1\n[all]\ndtoverlay=ov9281\n";
  expect(check({ [CONFIG]: text })).toMatchObject({ values: { overlays: ["imx477", "ov9281"], start_x: false } });
  expect(check({ [CONFIG]: text }, { board: PI_5 })).toMatchObject({ values: { overlays: ["imx296", "ov9281"] } });
});

test("neither of the two is a failure without a camera, and a warning with one", () => {
  expect(check({ [CONFIG]: "camera_auto_detect=0\ndtoverlay=vc4-kms-v3d\n" })).toMatchObject({
    level: "failure",
    advice: [expect.stringMatching(/camera_auto_detect=1, or dtoverlay=SENSOR .*, then reboot/)],
  });
  expect(check({ [CONFIG]: "" }, { cameras: 1 })).toMatchObject({ level: "warning" });
});

test.each([
  ["start_x=1", { [CONFIG]: "camera_auto_detect=1\nstart_x=1\n" }],
  ["start_x=1", { [CONFIG]: "camera_auto_detect=1\nstart_file=start4x.elf\n" }],
  ["bcm2835-v4l2", { [CONFIG]: "camera_auto_detect=1\n", "/proc/modules": "bcm2835_v4l2 45056 0 - Live 0x0\n" }],
])("the legacy camera stack is a failure: %s %#", (mention, files) => {
  expect(check(files)).toMatchObject({ level: "failure", advice: [expect.stringContaining(mention)] });
});

test("a file that can't be read is not taken for a good one, and another computer has none", () => {
  expect(check({})).toMatchObject({ level: "unknown" });
  expect(check({}, { board: PC })).toMatchObject({ level: "skipped" });
});
