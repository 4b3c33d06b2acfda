// As much of a JSON writer as the report needs.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace m2m::json {

inline std::string text(const std::string &value) {
  std::string quoted = "\"";
  for (const char each : value) {
    char escaped[8];
    if (each == '"' || each == '\\' || static_cast<unsigned char>(each) < 0x20) {
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned char>(each));
      quoted += escaped;
    } else {
      quoted += each;
    }
  }
  return quoted + '"';
}

inline std::string number(int64_t value) {
  return std::to_string(value);
}

inline std::string boolean(bool value) {
  return value ? "true" : "false";
}

/** Values that are JSON already. */
inline std::string array(const std::vector<std::string> &values) {
  std::string all = "[";
  for (const std::string &value : values)
    all += (all.size() > 1 ? "," : "") + value;
  return all + "]";
}

inline std::string object(const std::vector<std::pair<std::string, std::string>> &fields) {
  std::string all = "{";
  for (const auto &[name, value] : fields)
    all += (all.size() > 1 ? "," : "") + text(name) + ":" + value;
  return all + "}";
}

} // namespace m2m::json
