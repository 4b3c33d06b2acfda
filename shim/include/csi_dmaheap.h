/* The dma-heap library's C ABI: picture buffers as dmabufs from the kernel's dma-heaps (kernel:
 * Documentation/userspace-api/dma-buf-heaps.rst), mapped for the CPU.
 *
 * The calls may come from any thread. Results are int: 0 or -errno. No exception leaves. */
#ifndef CSI_DMAHEAP_H
#define CSI_DMAHEAP_H

#include "csi_frame.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CsiDmaBuffer {
  uint64_t address;    /* mapped for reading and writing */
  uint64_t byte_count; /* as asked for */
  int32_t fd;          /* the dmabuf, O_CLOEXEC */
  uint32_t id;         /* tells it from every other one, earlier ones as well */
} CsiDmaBuffer;

/* Size in bytes of CsiDmaBuffer (0); 0 for any other `which`. */
CSI_API uint32_t csi_dmaheap_struct_size(uint32_t which);

/* Takes a buffer, cleared by the kernel, from a heap's device node, e.g. "/dev/dma_heap/system". It is the caller's
 * until csi_dmaheap_free(). The call takes as long as the kernel needs to clear it, about 1 ms for 2 MiB; heaps of
 * contiguous memory may have to move others' pages first. On failure *out is left alone and a sentence is written to
 * `error` (NUL-terminated, cut at error_size). -ENOENT: no such heap; -EACCES: not ours to use; -ENOTTY: that is no
 * heap; -ENOMEM: it has no such buffer left. */
CSI_API int csi_dmaheap_allocate(const char *heap, uint64_t byte_count, CsiDmaBuffer *out, char *error,
                                 uint32_t error_size);

/* Unmaps the buffer and closes the dmabuf; devices that imported it keep the memory until they let go. -EBADF: it is
 * not what csi_dmaheap_allocate() gave, or was freed before. */
CSI_API int csi_dmaheap_free(const CsiDmaBuffer *buffer);

/* Brackets of each time that the CPU writes into a dmabuf (DMA_BUF_IOCTL_SYNC): without them a device may read what
 * was there before. A descriptor that is no dmabuf needs none: 0. */
CSI_API int csi_dmaheap_begin_write(int fd);
CSI_API int csi_dmaheap_end_write(int fd);

#ifdef __cplusplus
}
#endif
#endif
