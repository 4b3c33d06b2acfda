import config from "./rpi-logger/config.txt" with { type: "text" };
import program from "./rpi-logger/csi_camera_program.py" with { type: "text" };
import discovery from "./rpi-logger/discovery/__init__.py" with { type: "text" };
import scanner from "./rpi-logger/discovery/scanner.py" with { type: "text" };
import spec from "./rpi-logger/discovery/spec.py" with { type: "text" };
import entry from "./rpi-logger/main_cameras_csi.py" with { type: "text" };

/** What RPi Logger starts. */
export const ENTRY_FILE = "main_cameras_csi.py";
/** RPi Logger writes into it, so it is only made where there is none. */
export const CONFIG_FILE = "config.txt";
/** How to run this program: `{"command": [WORDS…]}`. Only installing writes it. */
export const COMMAND_FILE = "csi_camera_program.json";
/** The entry file names it, and RPi Logger's own has no such file: by that a folder is told to be ours. */
export const PROGRAM_FILE = "csi_camera_program.py";

/** The drop-in but for the command file, by path in its folder. Embedded, so that a compiled program has it too. */
export const DROP_IN_FILES: Readonly<Record<string, string>> = {
  [CONFIG_FILE]: config,
  [PROGRAM_FILE]: program,
  "discovery/__init__.py": discovery,
  "discovery/scanner.py": scanner,
  "discovery/spec.py": spec,
  [ENTRY_FILE]: entry,
};
