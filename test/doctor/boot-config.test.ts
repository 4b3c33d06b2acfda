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

test("an overlay that is not known, or a line under a filter that may hold, is named where no camera is seen", () => {
  const other = "dtoverlay=vc4-kms-v3d\ndtoverlay=ar0234\ndtoverlay=vc-mipi-bcm2712-cam0\n";
  expect(check({ [CONFIG]: other }, { board: PI_5 })).toMatchObject({
    level: "warning",
    sentence: `${CONFIG}: camera_auto_detect=0, perhaps a camera's: dtoverlay=ar0234, dtoverlay=vc-mipi-bcm2712-cam0`,
    advice: [expect.stringContaining("if none of these is your camera's, put camera_auto_detect=1")],
    values: { overlays: [], perhaps: ["dtoverlay=ar0234", "dtoverlay=vc-mipi-bcm2712-cam0"] },
  });
  expect(check({ [CONFIG]: other }, { cameras: 1 })).toMatchObject({ level: "ok", advice: [] });
  const filtered = "[board-type=0x17]\ncamera_auto_detect=1\n[gpio4=1]\nstart_x=1\n[pi4]\ndtoverlay=imx296\n";
  expect(check({ [CONFIG]: filtered })).toMatchObject({
    level: "warning",
    values: {
      perhaps: ["[board-type=0x17] camera_auto_detect=1", "[board-type=0x17] [gpio4=1] dtoverlay=imx296"],
      start_x: false,
    },
  });
  const unlike = "camera_auto_detect=1\n[gpio4=1]\ncamera_auto_detect=0\n[tryboot]\ndtoverlay=imx477\n";
  expect(check({ [CONFIG]: unlike })).toMatchObject({ level: "ok", values: { overlays: [], perhaps: [] } });
  const unknownModel = { ...PI_5, model: "Raspberry Pi 17", sections: [] };
  expect(check({ [CONFIG]: "[pi17]\ndtoverlay=imx296\n" }, { board: unknownModel })).toMatchObject({
    level: "warning",
  });
});

test("what is under [tryboot] does not count", () => {
  const text = "[tryboot]\ncamera_auto_detect=1\nstart_x=1\n[pi4]\ndtoverlay=imx296\n";
  expect(check({ [CONFIG]: text })).toMatchObject({ level: "failure", values: { overlays: [], start_x: false } });
});

test("included files count in their place, but for the firmware's choice; one that is missing is no trouble", () => {
  const files = {
    [CONFIG]: "include camera.txt\n[pi5]\ninclude five.txt\n[all]\ninclude missing.txt\n",
    "/boot/firmware/camera.txt": "include camera.txt\ninclude more.txt\nstart_x=1\n",
    "/boot/firmware/more.txt": "dtoverlay=imx296\n",
    "/boot/firmware/five.txt": "dtoverlay=imx477\n",
  };
  const values = { overlays: ["imx296"], start_x: false };
  expect(check(files)).toMatchObject({ level: "ok", values });
  expect(check(files, { board: PI_5 })).toMatchObject({ values: { ...values, overlays: ["imx296", "imx477"] } });
});

test("a Raspberry Pi 5 has no legacy camera stack, whatever asks for it", () => {
  const files = {
    [CONFIG]: "camera_auto_detect=1\nstart_x=1\n",
    "/proc/modules": "bcm2835_v4l2 45056 0 - Live 0x0\n",
  };
  expect(check(files, { board: PI_5 })).toMatchObject({
    level: "ok",
    values: { start_x: false, legacy_module: false },
  });
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
