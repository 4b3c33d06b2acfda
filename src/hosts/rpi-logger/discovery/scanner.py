"""Finds the CSI cameras by `csi-camera list --json`, so that the N of picam:N means the same camera on both sides."""

import asyncio
import json
import subprocess
from dataclasses import dataclass
from typing import Awaitable, Callable, Dict, List, Optional

from rpi_logger.core.logging_utils import get_module_logger

from ..csi_camera_program import ProgramNotFound, find_program

logger = get_module_logger("CSIScanner")

# RPi Logger makes a scanner only where this is true. What is missing is told when it scans, where somebody reads it.
PICAMERA2_AVAILABLE = True

LIST_TIMEOUT_S = 20


@dataclass
class DiscoveredCSICamera:
    """A camera, by the attributes that RPi Logger reads."""

    # "picam:0"
    device_id: str
    # libcamera's id, the same for this camera on this connector whatever else is connected.
    stable_id: str
    friendly_name: str
    hw_model: Optional[str]
    location_hint: Optional[str]


class CSIScanner:
    """CSI cameras are wired to the board: they are looked for once at the start, and when the host asks for it.

    Nothing here raises: a machine where cameras can't be listed has none, and the log says why.
    """

    # An interval comes first in all of RPi Logger's scanners; this one scans in none.
    def __init__(
        self,
        scan_interval: float = 0.0,
        on_device_found: Optional[Callable[[DiscoveredCSICamera], Awaitable[None]]] = None,
        on_device_lost: Optional[Callable[[str], Awaitable[None]]] = None,
    ):
        self._on_device_found = on_device_found
        self._on_device_lost = on_device_lost
        self._devices: Dict[str, DiscoveredCSICamera] = {}
        self._is_running = False

    @property
    def devices(self) -> Dict[str, DiscoveredCSICamera]:
        """By device id; a copy."""
        return dict(self._devices)

    @property
    def is_running(self) -> bool:
        return self._is_running

    def get_device(self, device_id: str) -> Optional[DiscoveredCSICamera]:
        return self._devices.get(device_id)

    async def start(self) -> None:
        if self._is_running:
            return
        self._is_running = True
        await self._scan()

    async def stop(self) -> None:
        """Every camera is lost to the host then."""
        self._is_running = False
        await self._replace_devices({})

    async def force_scan(self) -> None:
        if self._is_running:
            await self._scan()

    async def reannounce_devices(self) -> None:
        for camera in list(self._devices.values()):
            await _tell(self._on_device_found, camera)

    async def _scan(self) -> None:
        try:
            cameras = await asyncio.to_thread(_list_cameras)
        except _ListFailed as error:
            logger.warning("CSI cameras can't be listed: %s", error)
            return
        # Stopped while the list was made.
        if self._is_running:
            await self._replace_devices({camera.device_id: camera for camera in cameras})

    async def _replace_devices(self, devices: Dict[str, DiscoveredCSICamera]) -> None:
        before, self._devices = self._devices, devices
        for device_id in before:
            if devices.get(device_id) != before[device_id]:
                logger.info("CSI camera lost: %s", device_id)
                await _tell(self._on_device_lost, device_id)
        for device_id, camera in devices.items():
            if before.get(device_id) != camera:
                logger.info("CSI camera found: %s, %s at %s", device_id, camera.hw_model, camera.location_hint)
                await _tell(self._on_device_found, camera)


class _ListFailed(Exception):
    """Its text says why."""


def _list_cameras() -> List[DiscoveredCSICamera]:
    try:
        done = subprocess.run(
            [*find_program(), "list", "--json"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIST_TIMEOUT_S,
        )
    except (ProgramNotFound, OSError) as error:
        raise _ListFailed(error) from error
    except subprocess.TimeoutExpired as error:
        raise _ListFailed(f"csi-camera did not list them within {LIST_TIMEOUT_S} s") from error
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        raise _ListFailed(f"csi-camera ended with exit code {done.returncode}: {said}")
    try:
        report = json.loads(done.stdout)
        for missing in report["missing"]:
            if missing["what"] == "cameras":
                raise _ListFailed(missing["reason"])
        return [_camera(entry) for entry in report["cameras"]]
    except (ValueError, KeyError, TypeError) as error:
        raise _ListFailed(f"csi-camera wrote another list than expected: {error!r}") from error


def _camera(entry: Dict) -> DiscoveredCSICamera:
    return DiscoveredCSICamera(
        device_id=entry["device_id"],
        stable_id=entry["id"],
        friendly_name=f"RPi:Cam{entry['index']}",
        hw_model=entry["model"],
        location_hint=entry["id"],
    )


async def _tell(callback: Optional[Callable[..., Awaitable[None]]], *arguments: object) -> None:
    if callback is None:
        return
    try:
        await callback(*arguments)
    except Exception as error:  # The host's own fault must not keep it from hearing of the next camera.
        logger.warning("what hears of CSI cameras failed: %r", error)
