/** A file of the viewer's page, as it is served. */
export interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

const HTML = "<!doctype html><title>csi-camera</title><p>The page of the viewer is not built yet.";

/** The viewer's page: its files by the path in their URLs. */
export async function loadPage(): Promise<ReadonlyMap<string, PageFile>> {
  return new Map([["/", { body: new TextEncoder().encode(HTML), contentType: "text/html; charset=utf-8" }]]);
}
