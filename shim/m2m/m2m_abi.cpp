// csi_m2m.h: the encoders of this machine, for people.
#include "csi_m2m.h"
#include "encoder_controls.h"
#include "find_encoder.h"
#include "pixel_formats.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>

static_assert(sizeof(CsiM2mNode) == 4564 && offsetof(CsiM2mNode, codecs) == 112 &&
              offsetof(CsiM2mNode, result) == 144 && offsetof(CsiM2mNode, coded_formats) == 148 &&
              offsetof(CsiM2mNode, raw_formats) == 212 && offsetof(CsiM2mNode, controls) == 468);

namespace csi {
namespace {

template <size_t Size>
void write_text(char (&out)[Size], const std::string &text) {
  std::snprintf(out, Size, "%s", text.c_str());
}

std::string fourccs(const M2mDevice &device, Side side) {
  std::string text;
  for (const uint32_t fourcc : device.formats(side))
    text += (text.empty() ? "" : " ") + fourcc_text(fourcc);
  return text;
}

void describe_sizes(const M2mDevice &device, CsiM2mNode &node) {
  v4l2_frmsizeenum sizes = {};
  const std::vector<uint32_t> raw = device.formats(Side::output);
  sizes.pixel_format = raw.empty() ? 0 : raw.front();
  for (; device.ask(VIDIOC_ENUM_FRAMESIZES, &sizes) == 0 && sizes.index < 256; ++sizes.index) {
    if (sizes.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
      node.width_min = sizes.index == 0 ? sizes.discrete.width : std::min(node.width_min, sizes.discrete.width);
      node.height_min = sizes.index == 0 ? sizes.discrete.height : std::min(node.height_min, sizes.discrete.height);
      node.width_max = std::max(node.width_max, sizes.discrete.width);
      node.height_max = std::max(node.height_max, sizes.discrete.height);
      continue;
    }
    node.width_min = sizes.stepwise.min_width;
    node.width_max = sizes.stepwise.max_width;
    node.width_step = sizes.stepwise.step_width;
    node.height_min = sizes.stepwise.min_height;
    node.height_max = sizes.stepwise.max_height;
    node.height_step = sizes.stepwise.step_height;
    return;
  }
}

/** False where the node is something else. */
bool describe(const std::string &path, CsiM2mNode &node) {
  write_text(node.path, path);
  try {
    const M2mDevice device(path);
    for (const uint32_t codec : {CSI_CODEC_H264, CSI_CODEC_JPEG, CSI_CODEC_FWHT})
      node.codecs |= device.encodes_to(codec) != 0 ? 1u << codec : 0;
    if (node.codecs == 0)
      return false;
    write_text(node.driver, device.driver());
    write_text(node.card, device.card());
    node.multiplanar = device.multiplanar();
    write_text(node.coded_formats, fourccs(device, Side::capture));
    write_text(node.raw_formats, fourccs(device, Side::output));
    write_text(node.controls, describe_controls(device));
    describe_sizes(device, node);
    return true;
  } catch (const Error &error) {
    node.result = error.code();
    return is_unknown(error);
  }
}

} // namespace
} // namespace csi

uint32_t csi_m2m_struct_size(uint32_t which) {
  return which == 0 ? sizeof(CsiM2mNode) : 0;
}

int csi_m2m_list(CsiM2mNode *out, uint32_t capacity) {
  if (!out && capacity > 0)
    return -EINVAL;
  return csi::guarded([&] {
    int count = 0;
    for (const std::string &path : csi::video_nodes()) {
      CsiM2mNode node = {};
      if (!csi::describe(path, node))
        continue;
      if (static_cast<uint32_t>(count) < capacity)
        out[count] = node;
      ++count;
    }
    return count;
  });
}
