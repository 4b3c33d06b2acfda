#include "context.h"

#include "kernel_calls.h"
#include "mappings.h"
#include "trace.h"

#include <errno.h>
#include <sys/mman.h>

#include <new>

namespace m2m {
namespace {

/** Runs a handler on a copy of the program's struct, which is copied back if it succeeds, as the kernel does. */
template <typename Argument, typename Handler>
int on_copy(void *argument, Handler handler) {
  Argument copy = *static_cast<Argument *>(argument);
  const int result = handler(copy);
  if (result == 0)
    *static_cast<Argument *>(argument) = copy;
  return result;
}

template <typename Target, typename Argument, typename... More>
int with(Target &target, int (Target::*handler)(Argument &, More &...), void *argument, More &...more) {
  return on_copy<Argument>(argument, [&](Argument &copy) { return (target.*handler)(copy, more...); });
}

template <typename Target, typename Argument>
int with(const Target &target, int (Target::*handler)(Argument &) const, void *argument) {
  return on_copy<Argument>(argument, [&](Argument &copy) { return (target.*handler)(copy); });
}

/** What a node may still be asked after it failed: how to be stopped. */
bool is_for_the_end(uint32_t request, const void *argument) {
  return request == VIDIOC_STREAMOFF ||
         (request == VIDIOC_REQBUFS && static_cast<const v4l2_requestbuffers *>(argument)->count == 0);
}

} // namespace

Context::Context(Node &node, ContextRecord &record, int fd) :
    node_(node),
    record_(record),
    fd_(fd),
    controls_(switches_, [this](const Control &control, int32_t value) { control_set(control, value); }),
    stream_(node, record, formats_.output_type(), formats_.capture_type()) {}

Context::~Context() {
  {
    Lock lock(record_.mutex);
    encoder_.interrupt(lock);
    stream_.output.stream_off();
    stream_.capture.stream_off();
    record_.is_closed = true;
  }
  journal().write();
}

int Context::ioctl(uint32_t request, void *argument) {
  Lock lock(record_.mutex);
  int result;
  try {
    result = answer_unless_gone(request, argument, lock);
  } catch (const std::bad_alloc &) {
    result = -ENOMEM;
  }
  if (switches_.is_traced)
    journal().trace(describe_call(record_.number, request, argument, result));
  return result;
}

int Context::answer_unless_gone(uint32_t request, void *argument, Lock &lock) {
  if (node_.is_gone())
    return -ENODEV;
  if (has_failed_ && !is_for_the_end(request, argument))
    violation(call_name(request) + " after DQBUF gave EIO");
  if (const int refusal = refusal_of(request))
    return refusal;
  if (switches_.kind == Kind::encoder)
    return answer(request, argument, lock);
  if (switches_.kind == Kind::not_v4l2)
    return -ENOTTY;
  const bool is_about_formats = request == VIDIOC_QUERYCAP || request == VIDIOC_ENUM_FMT || request == VIDIOC_G_FMT ||
                                request == VIDIOC_ENUM_FRAMESIZES;
  return is_about_formats ? answer(request, argument, lock) : -ENOTTY;
}

/** -errno where the switches refuse this call, else 0. */
int Context::refusal_of(uint32_t request) {
  for (const Refusal &refusal : switches_.refusals)
    if (refusal.call == call_name(request) && refused_[refusal.call]++ < refusal.times)
      return -refusal.error;
  return 0;
}

int Context::answer(uint32_t request, void *argument, Lock &lock) {
  using F = FormatNegotiation;
  switch (request) {
  case VIDIOC_QUERYCAP:
    return with(*this, &Context::query_capabilities, argument);
  case VIDIOC_ENUM_FMT:
    return with(formats_, &F::describe_format, argument);
  case VIDIOC_ENUM_FRAMESIZES:
    return with(formats_, &F::describe_frame_sizes, argument);
  case VIDIOC_G_FMT:
    return with(formats_, &F::get_format, argument);
  case VIDIOC_TRY_FMT:
    return with(formats_, &F::try_format, argument);
  case VIDIOC_S_FMT:
    return with(*this, &Context::set_format, argument);
  case VIDIOC_G_SELECTION:
    return with(formats_, &F::get_selection, argument);
  case VIDIOC_S_SELECTION:
    return with(*this, &Context::set_selection, argument);
  case VIDIOC_G_PARM:
    return with(formats_, &F::get_parameters, argument);
  case VIDIOC_S_PARM:
    return with(*this, &Context::set_parameters, argument);
  case VIDIOC_QUERYCTRL:
    return with(controls_, &Controls::query, argument);
  case VIDIOC_QUERY_EXT_CTRL:
    return with(controls_, &Controls::query_extended, argument);
  case VIDIOC_QUERYMENU:
    return with(controls_, &Controls::query_menu, argument);
  case VIDIOC_G_CTRL:
    return with(controls_, &Controls::get, argument);
  case VIDIOC_S_CTRL:
    return with(controls_, &Controls::set, argument);
  // The kernel copies these back after a failure too: error_idx.
  case VIDIOC_G_EXT_CTRLS:
    return controls_.get_many(*static_cast<v4l2_ext_controls *>(argument));
  case VIDIOC_S_EXT_CTRLS:
    return controls_.set_many(*static_cast<v4l2_ext_controls *>(argument));
  case VIDIOC_TRY_EXT_CTRLS:
    return controls_.try_many(*static_cast<v4l2_ext_controls *>(argument));
  case VIDIOC_REQBUFS:
    return with(*this, &Context::request_buffers, argument);
  case VIDIOC_QUERYBUF:
    return with(*this, &Context::query_buffer, argument);
  case VIDIOC_PREPARE_BUF:
    return switches_.has_prepare_buf ? with(*this, &Context::prepare_buffer, argument) : -ENOTTY;
  case VIDIOC_QBUF:
    return with(*this, &Context::queue_buffer, argument);
  case VIDIOC_DQBUF:
    return with(*this, &Context::dequeue_buffer, argument, lock);
  case VIDIOC_STREAMON:
    return with(*this, &Context::stream_on, argument);
  case VIDIOC_STREAMOFF:
    return with(*this, &Context::stream_off, argument, lock);
  case VIDIOC_ENCODER_CMD:
    return switches_.drain == DrainEnd::unsupported ? -ENOTTY : with(*this, &Context::command, argument);
  case VIDIOC_TRY_ENCODER_CMD:
    return switches_.drain == DrainEnd::unsupported ? -ENOTTY : with(*this, &Context::try_command, argument);
  case VIDIOC_SUBSCRIBE_EVENT:
    return with(*this, &Context::subscribe, argument);
  case VIDIOC_UNSUBSCRIBE_EVENT:
    return with(*this, &Context::unsubscribe, argument);
  case VIDIOC_DQEVENT:
    return with(*this, &Context::dequeue_event, argument, lock);
  default:
    return -ENOTTY;
  }
}

/** As v4l2_m2m_poll() has it: an error while neither side has anything that could become ready. */
short Context::poll_events(short asked) {
  const Lock lock(record_.mutex);
  if (node_.is_gone())
    return POLLERR | POLLHUP;
  const BufferQueue &output = stream_.output, &capture = stream_.capture;
  int events = 0;
  if (asked & (POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM)) {
    if ((!output.is_streaming() || output.held() == 0) &&
        (!capture.is_streaming() || (capture.held() == 0 && !capture.has_ended())))
      events |= POLLERR;
    else
      events |= (output.has_done() ? POLLOUT | POLLWRNORM : 0) |
                (capture.has_done() || capture.has_ended() ? POLLIN | POLLRDNORM : 0);
  }
  if (stream_.eos_waiting > 0)
    events |= POLLPRI;
  return static_cast<short>(events & (asked | POLLERR));
}

int Context::map(void *address, size_t byte_count, int protection, int flags, off_t offset, void **mapped) {
  const Lock lock(record_.mutex);
  if (node_.is_gone())
    return -ENODEV;
  int fd = -1;
  const bool is_output = stream_.output.find_memory(static_cast<uint64_t>(offset), byte_count, fd) == 0;
  if (!is_output && stream_.capture.find_memory(static_cast<uint64_t>(offset), byte_count, fd) != 0)
    return -EINVAL;
  if ((flags & MAP_SHARED) == 0 || (protection & (is_output ? PROT_WRITE : PROT_READ)) == 0)
    return -EINVAL;
  *mapped = kernel::mmap(address, byte_count, protection, flags, fd, 0);
  if (*mapped == MAP_FAILED)
    return -errno;
  ++record_.buffers_mapped;
  remember_mapping(*mapped, record_.buffers_unmapped);
  return 0;
}

} // namespace m2m
