// Before the sources of the camera library: makes them take the installed headers for those of libcamera 0.99.0.
#pragma once

#include <libcamera/version.h>

#undef LIBCAMERA_VERSION_MAJOR
#undef LIBCAMERA_VERSION_MINOR
#undef LIBCAMERA_VERSION_PATCH
#define LIBCAMERA_VERSION_MAJOR 0
#define LIBCAMERA_VERSION_MINOR 99
#define LIBCAMERA_VERSION_PATCH 0
