#include "codec.h"

#include "encoder_library.h"

namespace csi {

void run_codec(Codec &codec, const CsiLayout &layout, EncoderPort &port) {
  port.opened(library_name());
  for (;;) {
    CsiEncoderFrame submitted;
    switch (port.wait(&submitted)) {
    case EncoderPort::Ask::frame: {
      BorrowedFrame frame(submitted, layout, port);
      codec.encode(frame, port);
      frame.release();
      break;
    }
    case EncoderPort::Ask::drain:
      codec.flush(port);
      return;
    case EncoderPort::Ask::stop:
      return;
    case EncoderPort::Ask::nothing:
      break;
    }
  }
}

} // namespace csi
