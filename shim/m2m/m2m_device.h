// A memory-to-memory video device: raw pictures go in at its OUTPUT queue, coded ones come out at CAPTURE.
#pragma once

#include "video_device.h"

#include <cstdint>
#include <vector>

namespace csi {

enum class Side { output, capture };

class M2mDevice : public VideoDevice {
public:
  /** Throws Error: as VideoDevice, and -ENOTSUP for a node that is no memory-to-memory device. */
  explicit M2mDevice(const std::string &path);

  bool multiplanar() const noexcept { return multiplanar_; }
  const std::string &driver() const noexcept { return driver_; }
  const std::string &card() const noexcept { return card_; }

  /** enum v4l2_buf_type of a queue. */
  uint32_t type(Side side) const noexcept;

  /** The four-character codes that a queue takes. */
  std::vector<uint32_t> formats(Side side) const;

  /** The coded format in which this device encodes to an enum CsiCodec; 0: it does not. */
  uint32_t encodes_to(uint32_t codec) const;

  /** Throws Error (-ENOTSUP) that says what the node is instead, unless it encodes to the codec. */
  void must_encode_to(uint32_t codec) const;

private:
  bool multiplanar_ = false;
  std::string driver_;
  std::string card_;
};

} // namespace csi
