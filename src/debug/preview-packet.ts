/**
 * A preview as a binary message of `/ws`: a header, then one JPEG image up to the message's end. Numbers are little endian.
 *
 * | byte | type | |
 * |---|---|---|
 * | 0 | u8 | version of this header: 1 |
 * | 1 | u8 | bytes of the header: 48; the picture begins there |
 * | 2 | u16 | 0 |
 * | 4 | u16 | width, pixels |
 * | 6 | u16 | height, pixels |
 * | 8 | u64 | frame number, of the source's frames |
 * | 16 | u64 | sensor timestamp, ns: start of exposure by the sensor's clock |
 * | 24 | u64 | CLOCK_MONOTONIC when the frame reached us, ns |
 * | 32 | u64 | CLOCK_MONOTONIC when this message was made, ns |
 * | 40 | u32 | bytes of the picture |
 * | 44 | u32 | 0 |
 */
export interface PreviewHeader {
  readonly width: number;
  readonly height: number;
  readonly frameNumber: number;
  readonly sensorTimestampNs: bigint;
  readonly arrivedNs: bigint;
  readonly sentNs: bigint;
}

const PREVIEW_VERSION = 1;
export const PREVIEW_HEADER_BYTES = 48;

/** One message: header and picture. */
export function encodePreview(header: PreviewHeader, jpeg: Uint8Array): Uint8Array<ArrayBuffer> {
  const packet = new Uint8Array(PREVIEW_HEADER_BYTES + jpeg.byteLength);
  const view = new DataView(packet.buffer);
  view.setUint8(0, PREVIEW_VERSION);
  view.setUint8(1, PREVIEW_HEADER_BYTES);
  view.setUint16(4, header.width, true);
  view.setUint16(6, header.height, true);
  view.setBigUint64(8, BigInt(header.frameNumber), true);
  view.setBigUint64(16, header.sensorTimestampNs, true);
  view.setBigUint64(24, header.arrivedNs, true);
  view.setBigUint64(32, header.sentNs, true);
  view.setUint32(40, jpeg.byteLength, true);
  packet.set(jpeg, PREVIEW_HEADER_BYTES);
  return packet;
}

/** The other way round; undefined for a message that is no preview of this version, or not all of one. */
export function decodePreview(packet: Uint8Array): { header: PreviewHeader; jpeg: Uint8Array } | undefined {
  if (packet.byteLength < PREVIEW_HEADER_BYTES) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const headerBytes = view.getUint8(1);
  if (view.getUint8(0) !== PREVIEW_VERSION || headerBytes < PREVIEW_HEADER_BYTES) return undefined;
  if (packet.byteLength !== headerBytes + view.getUint32(40, true)) return undefined;
  const header = {
    width: view.getUint16(4, true),
    height: view.getUint16(6, true),
    frameNumber: Number(view.getBigUint64(8, true)),
    sensorTimestampNs: view.getBigUint64(16, true),
    arrivedNs: view.getBigUint64(24, true),
    sentNs: view.getBigUint64(32, true),
  };
  return { header, jpeg: packet.subarray(headerBytes) };
}
