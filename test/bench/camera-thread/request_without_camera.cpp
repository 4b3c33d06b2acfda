// libcamera's own request wants a camera to be made for, and a camera wants hardware. In a program that is linked with
// this, a request needs none, and is complete; all that a completed request is read by is libcamera's own.
#include <libcamera/libcamera.h>

namespace libcamera {

Request::Request(Camera *, uint64_t cookie) :
    Extensible(std::make_unique<Extensible::Private>()),
    controls_(new ControlList(libcamera::controls::controls)),
    metadata_(new ControlList(libcamera::controls::controls)),
    cookie_(cookie),
    status_(RequestComplete) {}

Request::~Request() {
  delete metadata_;
  delete controls_;
}

int Request::addBuffer(const Stream *stream, FrameBuffer *buffer, std::unique_ptr<Fence>) {
  bufferMap_[stream] = buffer;
  return 0;
}

} // namespace libcamera
