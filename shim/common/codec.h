// The part of a software encoder that differs: a picture in, bytes out.
#pragma once

#include "borrowed_frame.h"

namespace csi {

class Codec {
public:
  virtual ~Codec() = default;

  /** Encodes one frame: gives the port its packet, or those of earlier frames, and calls frame.release() as soon as
   *  the pixels are not read any more. Throws Error when the encoder is beyond use. */
  virtual void encode(BorrowedFrame &frame, EncoderPort &port) = 0;

  /** Gives the port the packets of all frames that are still inside. */
  virtual void flush(EncoderPort &) {}
};

/** Serves the port with an open codec until it asks to drain or to stop: most of a library_run(). */
void run_codec(Codec &codec, const CsiLayout &layout, EncoderPort &port);

} // namespace csi
