#include "libcamera_version.h"

#include <cstdio>

#include <libcamera/camera_manager.h>
#include <libcamera/version.h>

#define CSI_TEXT_OF(number) #number
#define CSI_TEXT(macro) CSI_TEXT_OF(macro)

namespace csi {
namespace {

struct Version {
  int major, minor, patch;
};

constexpr Version kBuilt = {LIBCAMERA_VERSION_MAJOR, LIBCAMERA_VERSION_MINOR, LIBCAMERA_VERSION_PATCH};

} // namespace

const char *build_version() noexcept {
  return CSI_TEXT(LIBCAMERA_VERSION_MAJOR) "." CSI_TEXT(LIBCAMERA_VERSION_MINOR) "." CSI_TEXT(LIBCAMERA_VERSION_PATCH);
}

const char *runtime_version() noexcept {
  return libcamera::CameraManager::version().c_str();
}

bool versions_agree() noexcept {
  const char *const text = runtime_version();
  Version runs = {};
  if (std::sscanf(text + (*text == 'v'), "%d.%d.%d", &runs.major, &runs.minor, &runs.patch) != 3)
    return false;
  if (runs.major != kBuilt.major || runs.minor != kBuilt.minor)
    return false;
  return kBuilt.major > 0 || kBuilt.minor > 0 || runs.patch == kBuilt.patch;
}

} // namespace csi
