/** Somebody who asks how much of one core the process used since it was asked before, at first since it began: 1 is all of it. */
export function processorShare(): () => number {
  let [usedMs, atMs] = [0, 0];
  return () => {
    const [usedNowMs, nowMs] = [processorMs(), performance.now()];
    const share = nowMs > atMs ? (usedNowMs - usedMs) / (nowMs - atMs) : 0;
    [usedMs, atMs] = [usedNowMs, nowMs];
    return share;
  };
}

/** Of all threads since the process began, ms. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
