/** Serves one video file and a page with nothing but a <video> of it, on a port of its own. Byte ranges work, which a player needs to seek. */
export function serveVideo(path: string): Bun.Server<undefined> {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/") return new Response(PAGE, { headers: { "content-type": "text/html" } });
      if (pathname === "/video.mp4") return rangeOf(path, request.headers.get("range"));
      return new Response(null, { status: 404 });
    },
  });
}

const PAGE = '<!doctype html><title>video</title><video src="/video.mp4" muted preload="auto"></video>';

function rangeOf(path: string, range: string | null): Response {
  const file = Bun.file(path);
  const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
  const headers = { "content-type": "video/mp4", "accept-ranges": "bytes" };
  if (match === null) return new Response(file, { headers });
  const start = Number(match[1]);
  const end = match[2] === "" ? file.size : Math.min(file.size, Number(match[2]) + 1);
  const contentRange = `bytes ${start}-${end - 1}/${file.size}`;
  return new Response(file.slice(start, end), { status: 206, headers: { ...headers, "content-range": contentRange } });
}
