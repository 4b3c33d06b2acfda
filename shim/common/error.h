// The shim's one exception, and the gate that keeps every exception inside.
#pragma once

#include <cerrno>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

namespace csi {

/** An expected failure: a negative errno for the C ABI and a sentence for people. */
class Error : public std::runtime_error {
public:
  Error(int code, const std::string &sentence) : std::runtime_error(sentence), code_(code) {}

  /** Negative errno. */
  int code() const noexcept { return code_; }

private:
  int code_;
};

/** Runs `body` and returns its int; whatever it throws becomes -errno, because nothing may unwind into C frames. */
template <typename Body>
int guarded(Body &&body) noexcept {
  try {
    return body();
  } catch (const Error &error) {
    return error.code();
  } catch (const std::bad_alloc &) {
    return -ENOMEM;
  } catch (const std::system_error &error) {
    return error.code().value() > 0 ? -error.code().value() : -EIO;
  } catch (...) {
    return -EIO;
  }
}

} // namespace csi
