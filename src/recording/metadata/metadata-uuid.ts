/**
 * Extended type of the `uuid` box (ISO/IEC 14496-12, 11.1) in a movie box that holds a recording's metadata: the UTF-8 text
 * of its `…_recording.json`. Ours alone.
 */
export const METADATA_UUID = "9f1c7b52-5c1e-4f0a-8d3b-6a2f4e07c9d1";
