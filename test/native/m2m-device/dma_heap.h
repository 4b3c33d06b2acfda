// A stand-in for the kernel's dma-heaps, with memfds for dmabufs.
#pragma once

#include "fake_file.h"

#include <string>

namespace m2m {

bool is_dma_heap(const std::string &path);

class DmaHeap : public FakeFile {
public:
  int ioctl(uint32_t request, void *argument) override;
};

} // namespace m2m
