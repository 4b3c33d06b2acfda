import manifest from "../package.json" with { type: "json" };

export const VERSION: string = manifest.version;

/** Pinned, so it is the one that is installed. */
export const MP4BOX_VERSION: string = manifest.dependencies.mp4box;
