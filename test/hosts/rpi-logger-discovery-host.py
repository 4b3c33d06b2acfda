"""Plays RPi Logger to the discovery package: prints, as JSON, what it told in each step.

Argument: a file that the stand-in for csi-camera runs as a shell script. "!" begins a warning of the log.
"""

import asyncio
import json
import logging
import os
import sys

from rpi_logger.modules.Cameras_CSI.discovery import DISCOVERY_SPEC, PICAMERA2_AVAILABLE, Discovery
from rpi_logger.modules.Cameras_CSI.discovery.scanner import CSIScanner, DiscoveredCSICamera

script = sys.argv[1]
told = []
failures = ["libcamera is not there", "exit code 3: no luck", "another list than expected", "the program was not found"]


class Warnings(logging.Handler):
    def emit(self, record):
        text = record.getMessage()
        told.append("!" + next((known for known in failures if known in text), text))


async def found(camera):
    told.append("+" + camera.device_id)


async def lost(device_id):
    told.append("-" + device_id)


def program_does(text):
    with open(script, "w", encoding="utf-8") as file:
        file.write(text)


def take():
    taken = list(told)
    told.clear()
    return taken


async def play():
    said = {"spec": DISCOVERY_SPEC}
    scanner = Discovery().create_scanner(found, lost)
    assert PICAMERA2_AVAILABLE and isinstance(scanner, CSIScanner) and not scanner.is_running

    await scanner.force_scan()  # Does nothing before the start.
    program_does("cat two")
    await scanner.start()
    await scanner.start()
    said["started"] = take()
    assert scanner.is_running and isinstance(scanner.get_device("picam:1"), DiscoveredCSICamera)
    said["camera"] = vars(scanner.devices["picam:1"])
    await scanner.reannounce_devices()
    said["announced again"] = take()
    for step, text in [
        ("another camera", "cat other"),
        ("not listed", "cat none"),
        ("exit code", "echo no luck >&2; exit 3"),
        ("no list", "echo []"),
    ]:
        program_does(text)
        await scanner.force_scan()
        said[step] = take()
    os.environ["PATH"] = ""
    os.remove(script.removesuffix(".does"))
    await scanner.force_scan()
    said["no program"] = take()
    await scanner.stop()
    said["stopped"] = take()
    assert not scanner.is_running and scanner.devices == {}
    return said


logging.getLogger().addHandler(Warnings(logging.WARNING))
print(json.dumps(asyncio.run(play())))
