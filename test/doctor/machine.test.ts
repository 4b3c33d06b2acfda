import { expect, test } from "bun:test";
import { readBoard } from "../../src/doctor/board.ts";
import { checkMachine, readMachine } from "../../src/doctor/checks/machine.ts";
import { checkVersions } from "../../src/doctor/checks/versions.ts";
import { machineWith } from "../program/machine-with.ts";
import { MachineTree, PI_4 } from "./machine-tree.ts";

test("a board is known by its device tree: which it is, and whether it encodes", () => {
  const boards: [model: string, sections: string[], hasEncoder: boolean][] = [
    ["Raspberry Pi 4 Model B Rev 1.4", ["pi4"], true],
    ["Raspberry Pi Compute Module 4 Rev 1.1", ["pi4", "cm4"], true],
    ["Raspberry Pi 3 Model B Plus Rev 1.3", ["pi3", "pi3+"], true],
    ["Raspberry Pi Zero 2 W Rev 1.0", ["pi0", "pi0w", "pi02"], true],
    ["Raspberry Pi 5 Model B Rev 1.0", ["pi5"], false],
    ["Raspberry Pi Compute Module 5 Rev 1.0", ["pi5", "cm5"], false],
    ["Raspberry Pi 17 Model Z", [], false],
    ["Radxa ROCK 4 SE", [], false],
  ];
  for (const [model, sections, hasEncoder] of boards) {
    using tree = new MachineTree({ "/proc/device-tree/model": `${model}\0` });
    const isRaspberryPi = !model.startsWith("Radxa");
    expect(readBoard(tree.files)).toEqual({ model, isRaspberryPi, hasEncoder, sections });
  }
  using none = new MachineTree({});
  expect(readBoard(none.files)).toMatchObject({ model: undefined, isRaspberryPi: false });
});

test("an architecture that nothing was tried on is a warning", () => {
  using tree = new MachineTree({
    "/etc/os-release": 'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    "/proc/sys/kernel/osrelease": "6.12.25+rpt-rpi-v8\n",
  });
  const facts = { ...readMachine(tree.files, PI_4), architecture: "arm64" };
  expect(checkMachine(facts)).toMatchObject({
    level: "ok",
    sentence: "Raspberry Pi 4 Model B Rev 1.4, arm64, Debian GNU/Linux 12 (bookworm), Linux 6.12.25+rpt-rpi-v8",
    values: { model: "Raspberry Pi 4 Model B Rev 1.4", architecture: "arm64" },
  });
  expect(checkMachine({ ...facts, architecture: "riscv64" })).toMatchObject({ level: "warning" });
});

test("versions that were not tested, or not built for, are warnings", () => {
  const machine = machineWith(["imx296"]);
  const other = (runtime: string) => ({
    ...machine,
    cameras: { value: { list: [], libcamera: { runtime, build: "0.4.0" } } },
  });
  const bun = Bun.version;
  expect(checkVersions({ bun, machine: other("v0.4.0+53-29156679") })).toMatchObject({ level: "ok", advice: [] });
  expect(checkVersions({ bun, machine: other("v0.5.0") })).toMatchObject({
    level: "warning",
    advice: [expect.stringContaining("built for libcamera 0.4.0")],
  });
  expect(checkVersions({ bun: "1.0.0", machine })).toMatchObject({
    level: "warning",
    sentence: expect.stringContaining("Bun 1.0.0, libcamera 0.4.0, libx264 core 164, no libjpeg-turbo"),
  });
});
