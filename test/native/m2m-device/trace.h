// An ioctl in words, for the report's trace.
#pragma once

#include "journal.h"

namespace m2m {

/** With what the structs say after the call. */
TraceEntry describe_call(int context, uint32_t request, const void *argument, int result);

/** QBUF of VIDIOC_QBUF; a number where it is none that is known here. */
std::string call_name(uint32_t request);

/** Whether an ioctl that is known here has this name. */
bool is_call(const std::string &name);

} // namespace m2m
