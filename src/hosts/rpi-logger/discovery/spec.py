"""What RPi Logger has to know of the module before it starts it."""

from rpi_logger.core.devices.discovery_protocol import ModuleDiscoverySpec
from rpi_logger.core.devices.types import DeviceFamily, InterfaceType

DISCOVERY_SPEC = ModuleDiscoverySpec(
    module_id="cameras_csi",
    display_name="Cameras-CSI",
    family=DeviceFamily.CAMERA_CSI,
    interfaces=[InterfaceType.CSI],
    has_custom_scanner=True,
    # One process for each camera,
    multi_instance=True,
    platforms=["raspberry_pi"],
    # which is told the N of picam:N when it is started.
    device_id_prefix="picam:",
    extra_cli_args={"camera_index": "--camera-index"},
)
