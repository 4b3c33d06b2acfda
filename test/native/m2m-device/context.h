// One open of a node: its ioctls, its poll() and its mappings, and the encoder behind them.
#pragma once

#include "controls.h"
#include "encoder_thread.h"
#include "fake_file.h"
#include "format_negotiation.h"
#include "journal.h"
#include "stream.h"

#include <linux/videodev2.h>

#include <map>

namespace m2m {

class Context : public FakeFile {
public:
  /** `fd` is the program's: whether it blocks is asked each time. */
  Context(Node &node, ContextRecord &record, int fd);
  ~Context() override;

  int ioctl(uint32_t request, void *argument) override;
  short poll_events(short asked) override;
  int change_fd() const override { return stream_.bell.fd(); }
  void forget_changes() override { stream_.bell.answer(); }
  int map(void *address, size_t byte_count, int protection, int flags, off_t offset, void **mapped) override;

private:
  using Lock = std::unique_lock<std::mutex>;

  // Each answers one ioctl, with the lock held: 0 or -errno.
  int query_capabilities(v4l2_capability &capability);
  int set_format(v4l2_format &format);
  int set_selection(v4l2_selection &selection);
  int set_parameters(v4l2_streamparm &parameters);
  int request_buffers(v4l2_requestbuffers &request);
  int query_buffer(v4l2_buffer &buffer);
  int prepare_buffer(v4l2_buffer &buffer);
  int queue_buffer(v4l2_buffer &buffer);
  int dequeue_buffer(v4l2_buffer &buffer, Lock &lock);
  int stream_on(int &type);
  int stream_off(int &type, Lock &lock);
  int command(v4l2_encoder_cmd &command);
  int try_command(v4l2_encoder_cmd &command);
  int subscribe(v4l2_event_subscription &subscription);
  int unsubscribe(v4l2_event_subscription &subscription);
  int dequeue_event(v4l2_event &event, Lock &lock);

  int answer(uint32_t request, void *argument, Lock &lock);
  int answer_unless_gone(uint32_t request, void *argument, Lock &lock);
  int refusal_of(uint32_t request);
  bool may_wait() const;
  BufferQueue *queue_of(uint32_t type);
  EncoderSettings encoder_settings() const;
  void control_set(const Control &control, int32_t value);
  void violation(const std::string &sentence) const { journal().violation(record_, sentence); }

  Node &node_;
  ContextRecord &record_;
  const Switches &switches_ = node_.switches;
  const int fd_;
  FormatNegotiation formats_{switches_};
  Controls controls_;
  Stream stream_;
  EncoderThread encoder_{stream_};
  std::optional<timeval> last_timestamp_;
  std::map<std::string, uint32_t> refused_; // how often each ioctl was
  bool has_failed_ = false;                 // DQBUF gave EIO, and CAPTURE was not streamed off yet
  bool was_eio_given_ = false;
};

} // namespace m2m
