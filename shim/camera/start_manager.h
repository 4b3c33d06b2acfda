#pragma once

#include <libcamera/camera_manager.h>

namespace csi {

/** Starts libcamera, which says nothing on stderr unless LIBCAMERA_LOG_LEVELS or LIBCAMERA_LOG_FILE is set: a host may
 *  take every line there for a warning, and what fails is said in sentences of our own. Gives 0 or -errno. */
int start_manager(libcamera::CameraManager &manager);

} // namespace csi
