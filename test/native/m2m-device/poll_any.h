// poll() and ppoll() on descriptors some of which may be ours.
#pragma once

#include <poll.h>
#include <signal.h>
#include <time.h>

namespace m2m {

/** As ppoll(). One thread at a time may wait for one of ours. */
int poll_any(pollfd *fds, nfds_t count, const timespec *timeout, const sigset_t *signals);

/** As poll(). */
int poll_milliseconds(pollfd *fds, nfds_t count, int timeout_ms);

} // namespace m2m
