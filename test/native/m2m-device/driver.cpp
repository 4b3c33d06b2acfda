// A plain V4L2 encoding program, to prove the device in interpose.cpp with: it looks for encoders, encodes flat grey
// pictures with the first one, drains, and says on stdout, as JSON, all that it was told. The stream goes to a file.
//
//   m2m-driver out=FILE [memory=mmap|dmabuf] [frames=N] [size=WxH] [format=YU12] [rounds=N] [set=ID:VALUE+…]
//              [force_key_at=N] [early_reuse=1] [patience=MS] [mistake=…]
//
// A round is an open of its own. Picture n is of luma grey_of(n), at time_of(n). early_reuse=1 paints over each picture
// as soon as it is queued. patience=MS is how long it waits in poll(). mistake=… does one thing wrong, once:
// output_first (S_FMT), no_bytes (bytesused), no_time (timestamp), twice (QBUF), double_start, lone_end, open_queue,
// open_close (DMA_BUF_IOCTL_SYNC).
#include "../../../shim/common/fd.h"
#include "driver_session.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/videodev2.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>
#include <vector>

namespace m2m::driver {
namespace {

using csi::Fd;

std::string fourcc_text(uint32_t fourcc) {
  return std::string(reinterpret_cast<const char *>(&fourcc), 4);
}

std::vector<uint32_t> formats_of(int fd, uint32_t type) {
  std::vector<uint32_t> formats;
  v4l2_fmtdesc description = {};
  for (description.type = type; try_call(fd, VIDIOC_ENUM_FMT, description) == 0; ++description.index)
    formats.push_back(description.pixelformat);
  return formats;
}

/** Minimum, maximum, step and default; of a menu its entries behind them. */
std::string controls_of(int fd) {
  std::vector<std::pair<std::string, std::string>> controls;
  v4l2_query_ext_ctrl query = {};
  for (query.id = V4L2_CTRL_FLAG_NEXT_CTRL; try_call(fd, VIDIOC_QUERY_EXT_CTRL, query) == 0;
       query.id |= V4L2_CTRL_FLAG_NEXT_CTRL) {
    std::vector<std::string> values;
    for (const int64_t value : std::initializer_list<int64_t>{query.minimum, query.maximum,
                                                              static_cast<int64_t>(query.step), query.default_value})
      values.push_back(json::number(value));
    v4l2_querymenu menu = {};
    menu.id = query.id;
    for (; query.type == V4L2_CTRL_TYPE_MENU && menu.index <= query.maximum; ++menu.index)
      if (try_call(fd, VIDIOC_QUERYMENU, menu) == 0)
        values.push_back(json::text(reinterpret_cast<const char *>(menu.name)));
    controls.emplace_back(query.name, json::array(values));
  }
  return json::object(controls);
}

std::string names_of(const std::vector<uint32_t> &formats) {
  std::vector<std::string> names;
  for (const uint32_t fourcc : formats)
    names.push_back(json::text(fourcc_text(fourcc)));
  return json::array(names);
}

/** Looks at one node and says what it is. */
std::string look_at(const std::string &path, Found &found) {
  const Fd fd(open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (fd.get() < 0)
    return json::object({{"path", json::text(path)}, {"error", error_text(errno)}});
  v4l2_capability capability = {};
  if (const int error = try_call(fd.get(), VIDIOC_QUERYCAP, capability))
    return json::object({{"path", json::text(path)}, {"error", error_text(error)}});
  found.path = path;
  found.is_multi_planar = (capability.device_caps & V4L2_CAP_VIDEO_M2M_MPLANE) != 0;
  const bool is_m2m = found.is_multi_planar || (capability.device_caps & V4L2_CAP_VIDEO_M2M) != 0;
  const auto raw =
      formats_of(fd.get(), found.is_multi_planar ? V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE : V4L2_BUF_TYPE_VIDEO_OUTPUT);
  const auto coded =
      formats_of(fd.get(), found.is_multi_planar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE);
  for (const uint32_t fourcc : coded)
    if (is_m2m && (fourcc == V4L2_PIX_FMT_H264 || fourcc == V4L2_PIX_FMT_JPEG))
      found.coded = fourcc;
  found.is_encoder = found.coded != 0;
  return json::object({{"path", json::text(path)},
                       {"driver", json::text(reinterpret_cast<char *>(capability.driver))},
                       {"card", json::text(reinterpret_cast<char *>(capability.card))},
                       {"isM2m", json::boolean(is_m2m)},
                       {"isMultiPlanar", json::boolean(found.is_multi_planar)},
                       {"raw", names_of(raw)},
                       {"coded", names_of(coded)},
                       {"controls", controls_of(fd.get())}});
}

std::vector<std::string> video_paths() {
  std::vector<std::string> paths;
  DIR *directory = opendir("/dev");
  while (const dirent *entry = readdir(directory))
    if (strncmp(entry->d_name, "video", 5) == 0)
      paths.push_back("/dev/" + std::string(entry->d_name));
  closedir(directory);
  std::sort(paths.begin(), paths.end());
  return paths;
}

int run(const Options &options) {
  std::ofstream stream(options.text("out", "/dev/null"), std::ios::binary);
  std::vector<std::string> nodes, rounds;
  std::optional<Found> encoder;
  for (const std::string &path : video_paths()) {
    Found found;
    nodes.push_back(look_at(path, found));
    if (found.is_encoder && !encoder)
      encoder = found;
  }
  for (uint32_t round = 0; encoder && round < options.number("rounds", 1); ++round)
    rounds.push_back(run_session(*encoder, options, stream));
  std::printf("%s\n", json::object({{"nodes", json::array(nodes)}, {"rounds", json::array(rounds)}}).c_str());
  return 0;
}

} // namespace
} // namespace m2m::driver

int main(int argument_count, char **arguments) {
  m2m::driver::Options options;
  for (int i = 1; i < argument_count; ++i) {
    const std::string argument = arguments[i];
    const size_t equals = std::min(argument.find('='), argument.size() - 1);
    options.given[argument.substr(0, equals)] = argument.substr(equals + 1);
  }
  return m2m::driver::run(options);
}
