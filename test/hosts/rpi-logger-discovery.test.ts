import { expect, test } from "bun:test";
import { join } from "node:path";
import { installDropIn } from "../../src/hosts/install-drop-in.ts";
import { listReport } from "../../src/program/list-report.ts";
import { machineWith } from "../program/machine-with.ts";
import { python, pythonEnvironment } from "./python.ts";
import { RPiLoggerFolder } from "./rpi-logger-folder.ts";

const HOST_PROGRAM = join(import.meta.dir, "rpi-logger-discovery-host.py");

test("the scanner tells the host of the cameras that list --json tells of, and never fails it", async () => {
  using host = new RPiLoggerFolder();
  // What the discovery package imports of RPi Logger.
  host.write(
    "rpi_logger/core/devices/discovery_protocol.py",
    "class BaseModuleDiscovery: pass\ndef ModuleDiscoverySpec(**fields): return fields\n",
  );
  host.write(
    "rpi_logger/core/devices/types.py",
    "class DeviceFamily: CAMERA_CSI = 'Camera-CSI'\nclass InterfaceType: CSI = 'CSI'\n",
  );
  host.write("rpi_logger/core/logging_utils.py", "from logging import getLogger as get_module_logger\n");
  // Writes what was last put beside it.
  const program = host.write("csi-camera", '#!/bin/sh\n[ "$*" = "list --json" ] && . "$0.does"\n');
  installDropIn(host.modules, [program], () => undefined);

  const lists = Object.entries({
    two: JSON.stringify(listReport(machineWith(["imx296", "imx708"]))),
    other: JSON.stringify(listReport(machineWith(["imx296", "imx219"]))),
    none: JSON.stringify(listReport(machineWith("libcamera is not there"))),
  });
  for (const [name, text] of lists) host.write(name, text);
  const child = Bun.spawn([python, HOST_PROGRAM, `${program}.does`], {
    cwd: host.path,
    env: { ...process.env, ...pythonEnvironment, PYTHONPATH: host.path },
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  expect(stderr).toBe("");
  const said: unknown = JSON.parse(stdout);
  expect(said).toEqual({
    spec: {
      module_id: "cameras_csi",
      display_name: "Cameras-CSI",
      family: "Camera-CSI",
      interfaces: ["CSI"],
      has_custom_scanner: true,
      multi_instance: true,
      platforms: ["raspberry_pi"],
      device_id_prefix: "picam:",
      extra_cli_args: { camera_index: "--camera-index" },
    },
    camera: {
      device_id: "picam:1",
      stable_id: "/base/camera@1",
      friendly_name: "RPi:Cam1",
      hw_model: "imx708",
      location_hint: "/base/camera@1",
    },
    started: ["+picam:0", "+picam:1"],
    "announced again": ["+picam:0", "+picam:1"],
    "another camera": ["-picam:1", "+picam:1"],
    // What could not be listed is not taken for gone.
    "not listed": ["!libcamera is not there"],
    "exit code": ["!exit code 3: no luck"],
    "no list": ["!another list than expected"],
    "no program": ["!the program was not found"],
    stopped: ["-picam:0", "-picam:1"],
  });
});
