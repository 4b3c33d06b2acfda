// What a Raspberry Pi's pipeline says of each frame beside its times.
#pragma once

#include <libcamera/libcamera.h>

void describe_picture(libcamera::ControlList &metadata);
