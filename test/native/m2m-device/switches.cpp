#include "switches.h"

#include "raw_format.h"
#include "trace.h"

#include <string.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <sstream>

namespace m2m {
namespace {

[[noreturn]] void refuse(const std::string &what, const std::string &text) {
  std::fprintf(stderr, "CSI_TEST_M2M: %s \"%s\"\n", what.c_str(), text.c_str());
  std::abort();
}

std::vector<std::string> split(const std::string &text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);)
    if (!part.empty())
      parts.push_back(part);
  return parts;
}

template <typename Value>
Value choose(const std::string &value, const std::map<std::string, Value> &choices) {
  const auto found = choices.find(value);
  if (found == choices.end())
    refuse("unknown value", value);
  return found->second;
}

uint32_t number(const std::string &value) {
  char *end = nullptr;
  const unsigned long parsed = std::strtoul(value.c_str(), &end, 10);
  if (value.empty() || *end != '\0' || parsed > UINT32_MAX)
    refuse("not a number", value);
  return static_cast<uint32_t>(parsed);
}

int error_number(const std::string &name) {
  for (int code = 1; code < 134; ++code)
    if (const char *known = strerrorname_np(code); known && name == known)
      return code;
  refuse("unknown errno", name);
}

void set_size(Switches &switches, const std::string &value) {
  const std::vector<std::string> sides = split(value, 'x');
  if (sides.size() != 2)
    refuse("not WxH", value);
  switches.width_max = number(sides[0]);
  switches.height_max = number(sides[1]);
}

void set_formats(Switches &switches, const std::string &value) {
  switches.formats.clear();
  for (const std::string &name : split(value, '+')) {
    const RawFormat *format = find_raw_format(name);
    if (!format)
      refuse("unknown pixel format", name);
    switches.formats.push_back(format->fourcc);
  }
}

void add_refusals(Switches &switches, const std::string &value) {
  for (const std::string &each : split(value, '+')) {
    const std::vector<std::string> parts = split(each, ':');
    if (parts.size() < 2 || parts.size() > 3 || !is_call(parts[0]))
      refuse("not CALL:ERRNO:N", each);
    switches.refusals.push_back({parts[0], error_number(parts[1]), parts.size() < 3 ? UINT32_MAX : number(parts[2])});
  }
}

using Setter = std::function<void(Switches &, const std::string &)>;

/** `Field` may be an optional of what it holds. */
template <typename Field>
Setter count(Field Switches::*field) {
  return [field](Switches &switches, const std::string &value) { switches.*field = number(value); };
}

Setter yes_or_no(bool Switches::*field) {
  return [field](Switches &switches, const std::string &value) {
    switches.*field = choose<bool>(value, {{"1", true}, {"0", false}, {"yes", true}, {"no", false}});
  };
}

template <typename Value>
Setter one_of(Value Switches::*field, std::map<std::string, Value> choices) {
  return [field, choices](Switches &switches, const std::string &value) { switches.*field = choose(value, choices); };
}

const std::map<std::string, Setter> &setters() {
  using S = Switches;
  static const std::map<std::string, Setter> all = {
      {"node", [](S &switches, const std::string &value) { switches.node = value; }},
      {"kind", one_of<Kind>(&S::kind, {{"encoder", Kind::encoder},
                                       {"decoder", Kind::decoder},
                                       {"camera", Kind::camera},
                                       {"not_v4l2", Kind::not_v4l2}})},
      {"codec", one_of<Codec>(&S::codec, {{"h264", Codec::h264}, {"jpeg", Codec::jpeg}})},
      {"planar", one_of<bool>(&S::is_multi_planar, {{"multi", true}, {"single", false}})},
      {"formats", set_formats},
      {"max_size", set_size},
      {"stride_align", count(&S::stride_align)},
      {"height_align", count(&S::height_align)},
      {"sizes", one_of<Sizes>(&S::sizes, {{"ok", Sizes::ok},
                                          {"garbage_zero", Sizes::zero},
                                          {"garbage_small_stride", Sizes::small_stride},
                                          {"garbage_small_sizeimage", Sizes::small_sizeimage},
                                          {"garbage_huge", Sizes::huge},
                                          {"garbage_planes", Sizes::planes}})},
      {"controls", one_of<ControlSet>(&S::controls, {{"bcm2835", ControlSet::bcm2835},
                                                     {"all", ControlSet::all},
                                                     {"no_force_key", ControlSet::no_force_key},
                                                     {"none", ControlSet::none}})},
      {"headers", one_of<Headers>(&S::headers, {{"first", Headers::first},
                                                {"each", Headers::each},
                                                {"separate", Headers::separate},
                                                {"separate_zero_timestamp", Headers::separate_zero_timestamp}})},
      {"key_flags",
       one_of<KeyFlags>(&S::key_flags,
                        {{"right", KeyFlags::right}, {"wrong", KeyFlags::wrong}, {"none", KeyFlags::none}})},
      {"split", count(&S::split_bytes)},
      {"skip", count(&S::skip_every)},
      {"error", count(&S::error_every)},
      {"encode_delay", count(&S::encode_delay_ms)},
      {"dmabuf", one_of<DmaBufSupport>(&S::dmabuf, {{"ok", DmaBufSupport::ok},
                                                    {"refuse_reqbufs", DmaBufSupport::refuse_reqbufs},
                                                    {"refuse_prepare", DmaBufSupport::refuse_prepare},
                                                    {"refuse_queue", DmaBufSupport::refuse_queue}})},
      {"prepare_buf", yes_or_no(&S::has_prepare_buf)},
      {"drain", one_of<DrainEnd>(&S::drain, {{"flag_empty", DrainEnd::flag_empty},
                                             {"flag_on_last", DrainEnd::flag_on_last},
                                             {"eos_event", DrainEnd::eos_event},
                                             {"unsupported", DrainEnd::unsupported}})},
      {"drain_delay", count(&S::drain_delay_ms)},
      {"stall", count(&S::stall_after)},
      {"stall_always", yes_or_no(&S::stalls_always)},
      {"eio", count(&S::eio_after)},
      {"refuse", add_refusals},
      {"buffers_max", count(&S::buffers_max)},
      {"vanish", count(&S::vanish_after)},
      {"streamoff_delay", count(&S::streamoff_delay_ms)},
      {"open_error", [](S &switches, const std::string &value) { switches.open_error = error_number(value); }},
      {"canned", yes_or_no(&S::is_canned)},
      {"trace", yes_or_no(&S::is_traced)},
  };
  return all;
}

std::string default_node(const Switches &switches) {
  switch (switches.kind) {
  case Kind::decoder:
    return "/dev/video10";
  case Kind::camera:
  case Kind::not_v4l2:
    return "/dev/video0";
  case Kind::encoder:
    return switches.codec == Codec::jpeg ? "/dev/video31" : "/dev/video11";
  }
  return "";
}

Switches parse_node(const std::string &text) {
  Switches switches;
  for (const RawFormat &format : kRawFormats)
    switches.formats.push_back(format.fourcc);
  for (const std::string &part : split(text, ',')) {
    const size_t equals = part.find('=');
    const auto setter = setters().find(part.substr(0, equals));
    if (equals == std::string::npos || setter == setters().end())
      refuse("unknown switch", part);
    setter->second(switches, part.substr(equals + 1));
  }
  if (switches.node.empty())
    switches.node = default_node(switches);
  if (switches.kind == Kind::camera)
    switches.is_multi_planar = false;
  return switches;
}

} // namespace

std::vector<Switches> parse_switches(const char *text) {
  std::vector<Switches> nodes;
  for (const std::string &part : split(text ? text : "", ';'))
    nodes.push_back(parse_node(part));
  if (nodes.empty())
    nodes.push_back(parse_node(""));
  return nodes;
}

} // namespace m2m
