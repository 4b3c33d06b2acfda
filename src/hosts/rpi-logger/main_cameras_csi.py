"""csi-camera in the place of RPi Logger's module Cameras_CSI.

RPi Logger starts this file as a child process. The process becomes csi-camera (exec): its id, its streams, the signals
that it gets and its exit code are then csi-camera's own, with nothing in between.
"""

import os
import signal
import sys

if __package__:
    from .csi_camera_program import ProgramNotFound, find_program
else:
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from csi_camera_program import ProgramNotFound, find_program


def become_program(arguments):
    """Never returns: becomes the program, or says on stderr why not and exits with code 1."""
    # Python ignores these two, and who is ignored before an exec is ignored after it. Handlers do not outlive an exec.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    # Until then Ctrl-C is to end this process as it ends any other, without a traceback. One that ignores it goes on to.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        command = find_program()
    except ProgramNotFound as error:
        sys.exit(f"csi-camera: {error}")
    try:
        os.execv(command[0], [*command, *arguments])
    except OSError as error:
        sys.exit(f"csi-camera: {command[0]} does not start: {error.strerror}")


async def main():
    """For `python -m rpi_logger --run-module cameras_csi`, which gives this to asyncio.run()."""
    become_program(sys.argv[1:])


if __name__ == "__main__":
    become_program(sys.argv[1:])
