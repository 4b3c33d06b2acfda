"""Finds the program csi-camera, for the entry file and for the scanner."""

import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
# Written by `csi-camera rpi-logger install`: {"command": ["/path/to/bun", "/path/to/csi-camera/src/main.ts"]}
WRITTEN = os.path.join(HERE, "csi_camera_program.json")


class ProgramNotFound(Exception):
    """Its text is one sentence: what, where it was looked for, what to do."""


def find_program():
    """How to start csi-camera: a list of words, the first an absolute path. Raises ProgramNotFound."""
    tried = []
    for find in (_written_by_installer, _in_this_checkout, _on_path):
        command, why_not = find()
        if command:
            return command
        tried.append(why_not)
    raise ProgramNotFound(
        f"the program was not found ({'; '.join(tried)}): "
        'install it, then run "csi-camera rpi-logger install" with the folder of RPi Logger'
    )


def _written_by_installer():
    try:
        with open(WRITTEN, encoding="utf-8") as file:
            command = json.load(file)["command"]
    except FileNotFoundError:
        return None, f"there is no {WRITTEN}"
    except (OSError, ValueError, KeyError, TypeError):
        return None, f"{WRITTEN} can't be read"
    if not isinstance(command, list) or not command or not all(isinstance(word, str) for word in command):
        return None, f"{WRITTEN} names no command"
    gone = [word for word in command if not os.path.isfile(word)]
    if gone:
        return None, f"{WRITTEN} names {gone[0]}, which does not exist"
    return command, None


def _in_this_checkout():
    package = _package_around(os.path.realpath(HERE))
    return _run_by_bun(package) if package else (None, f"{HERE} is not part of csi-camera")


def _on_path():
    found = _executable_on_path("csi-camera")
    if found is None:
        return None, "there is no csi-camera on PATH"
    # A package has a Bun of its own, which need not be on PATH, where its file itself looks for it.
    package = _package_around(os.path.realpath(found))
    return _run_by_bun(package) if package else ([found], None)


def _run_by_bun(package):
    """By the Bun that was installed with the package, else that of PATH."""
    beside = (os.path.join(folder, "node_modules", ".bin", "bun") for folder in (package, *_parents(package)))
    bun = next(filter(_is_executable, beside), None) or _executable_on_path("bun")
    if bun is None:
        return None, f"{package} has no Bun in its node_modules, and there is none on PATH"
    return [bun, os.path.join(package, "src", "main.ts")], None


def _package_around(path):
    return next(filter(_is_ours, _parents(path)), None)


def _is_ours(folder):
    try:
        with open(os.path.join(folder, "package.json"), encoding="utf-8") as file:
            return json.load(file)["name"] == "csi-camera"
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _parents(path):
    while path != os.path.dirname(path):
        path = os.path.dirname(path)
        yield path


def _executable_on_path(name):
    found = next(filter(_is_executable, (os.path.join(folder, name) for folder in os.get_exec_path())), None)
    return None if found is None else os.path.abspath(found)


def _is_executable(path):
    return os.path.isfile(path) and os.access(path, os.X_OK)
