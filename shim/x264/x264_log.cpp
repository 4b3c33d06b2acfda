#include "x264_log.h"

#include <cstdarg>
#include <cstdio>

namespace csi {

void X264Log::attach(x264_param_t &parameters) {
  parameters.pf_log = write;
  parameters.p_log_private = this;
  parameters.i_log_level = X264_LOG_ERROR;
}

std::string X264Log::last_error(const std::string &otherwise) {
  std::lock_guard lock(mutex_);
  return last_error_.empty() ? otherwise : "x264: " + last_error_;
}

void X264Log::write(void *log, int level, const char *format, va_list arguments) {
  if (level != X264_LOG_ERROR)
    return;
  char text[256];
  vsnprintf(text, sizeof text, format, arguments);
  std::string sentence = text;
  while (!sentence.empty() && sentence.back() == '\n')
    sentence.pop_back();
  auto *self = static_cast<X264Log *>(log);
  std::lock_guard lock(self->mutex_);
  self->last_error_ = std::move(sentence);
}

} // namespace csi
