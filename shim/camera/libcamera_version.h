// libcamera's versions: of the headers that this was compiled with, and of the library that runs. Nothing else here
// knows LIBCAMERA_VERSION_*.
#pragma once

namespace csi {

/** E.g. "0.4.0". Static. */
const char *build_version() noexcept;

/** As libcamera calls itself, e.g. "v0.4.0+53-29156679". Static. */
const char *runtime_version() noexcept;

/** Whether the library that runs may be called. libcamera keeps its binary interface within 0.MINOR, which its soname
 *  tells since 0.1; before that each version had one of its own. */
bool versions_agree() noexcept;

} // namespace csi
