#include "start_manager.h"

#include <cstdlib>

#include <libcamera/logging.h>

namespace csi {

int start_manager(libcamera::CameraManager &manager) {
  if (!std::getenv("LIBCAMERA_LOG_LEVELS") && !std::getenv("LIBCAMERA_LOG_FILE"))
    libcamera::logSetTarget(libcamera::LoggingTargetNone);
  return manager.start();
}

} // namespace csi
