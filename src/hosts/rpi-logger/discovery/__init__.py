"""What RPi Logger imports to find CSI cameras."""

from rpi_logger.core.devices.discovery_protocol import BaseModuleDiscovery

from .scanner import CSIScanner, DiscoveredCSICamera, PICAMERA2_AVAILABLE
from .spec import DISCOVERY_SPEC

__all__ = ["Discovery", "DISCOVERY_SPEC", "CSIScanner", "DiscoveredCSICamera", "PICAMERA2_AVAILABLE"]


class Discovery(BaseModuleDiscovery):
    """By this name RPi Logger looks for it."""

    spec = DISCOVERY_SPEC

    def create_scanner(self, on_found, on_lost):
        return CSIScanner(on_device_found=on_found, on_device_lost=on_lost)
