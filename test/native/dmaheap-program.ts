/** Takes dmabufs from a heap, uses them and gives them back. Prints an object of facts: `dmaheap.test.ts` knows them. */
import { dlopen } from "bun:ffi";
import { closeSync, openSync, readSync } from "node:fs";
import { allocateDmaBuffers } from "../../src/native/dma-heap.ts";
import { addressOf } from "../../src/native/memory.ts";
import { openFiles } from "../support/open-files.ts";

const BYTES = 5000; // no whole number of pages

const dmabufs = () => openFiles().filter((file) => file.startsWith("/memfd:dma-heap")).length;

const buffers = await allocateDmaBuffers(BYTES, 3);
const [first] = buffers;
if (first === undefined) throw new Error("no buffers");

const allocated = {
  count: buffers.length,
  descriptors: dmabufs(),
  differentFds: new Set(buffers.map(({ dmabufFd }) => dmabufFd)).size,
  byteCounts: buffers.map(({ bytes }) => bytes.length),
  areClear: buffers.every(({ bytes }) => bytes.every((byte) => byte === 0)),
  areWhereTheySay: buffers.every(({ bytes, address }) => addressOf(bytes) === address),
};

first.write((bytes) => bytes.fill(7));
const behindIt = new Uint8Array(BYTES);
readSync(first.dmabufFd, behindIt, 0, BYTES, 0); // a memfd can be read; the kernel's dmabufs can't
let thrown = "";
try {
  first.write(() => {
    throw new Error("enough");
  });
} catch (error) {
  thrown = String(error);
}
const written = { reachesTheDmabuf: behindIt.every((byte) => byte === 7), thrown };

for (const buffer of buffers) buffer.free();
first.free();
const freed = { descriptors: dmabufs(), byteCounts: buffers.map(({ bytes }) => bytes.length) };

/** Tries for more than there can be, and says why there are none and what is left of those that there were. */
async function refusal(byteCount: number, count: number) {
  const reason = await allocateDmaBuffers(byteCount, count).then(() => "", String);
  return { reason, descriptors: dmabufs() };
}

const tooBig = await refusal(2 ** 47, 1);
limitDescriptors(10);
const tooMany = await refusal(BYTES, 20);
process.stdout.write(JSON.stringify({ allocated, written, freed, tooBig, tooMany }));

/** Lets this process open no more than `more` or so. */
function limitDescriptors(more: number): void {
  const { symbols } = dlopen("libc.so.6", { setrlimit: { args: ["i32", "ptr"], returns: "i32" } });
  const next = openSync("/dev/null", "r");
  closeSync(next);
  const limit = BigInt(next + more);
  const RLIMIT_NOFILE = 7; // asm-generic/resource.h
  if (symbols.setrlimit(RLIMIT_NOFILE, new BigUint64Array([limit, limit])) !== 0) throw new Error("setrlimit failed");
}
