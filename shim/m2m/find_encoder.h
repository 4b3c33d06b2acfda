// Which video nodes there are, and the one that encodes.
#pragma once

#include "m2m_device.h"

#include <string>
#include <vector>

namespace csi {

/** /dev/video0, /dev/video1, …: those that exist, by number. */
std::vector<std::string> video_nodes();

/** This error says that a node could not be looked at, not that it is something else: it may be an encoder. */
bool is_unknown(const Error &error) noexcept;

/** Opens the node `path`, or the first that encodes to the enum CsiCodec where it is empty. Throws Error: -ENOENT where
 *  this machine has no such encoder; for a node that was named, what is wrong with it. */
M2mDevice open_encoder(uint32_t codec, const std::string &path);

} // namespace csi
