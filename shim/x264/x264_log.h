// Keeps what x264 has to say about failures; the rest of its log goes nowhere, for stdout and stderr are not x264's.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include <x264.h>

namespace csi {

class X264Log {
public:
  /** Makes x264 write here. The log has to outlive the encoder. */
  void attach(x264_param_t &parameters);

  /** x264's last error, or `otherwise` if it gave none. */
  std::string last_error(const std::string &otherwise);

private:
  static void write(void *log, int level, const char *format, va_list arguments);

  std::mutex mutex_; // x264 logs from its threads as well
  std::string last_error_;
};

} // namespace csi
