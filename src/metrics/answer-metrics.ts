import type { HostCheck } from "../http/host-check.ts";

export interface Page {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What there is to see, by path. */
export interface Pages {
  page(path: string): Promise<Page> | undefined;
}

const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  // One answer for each connection: of thousands of requests sent in one go, the others are not even looked at.
  connection: "close",
} as const;

/** Answers one request: GET and HEAD of what there is, from this machine's own names only. */
export async function answerMetrics(request: Request, hosts: HostCheck, pages: Pages): Promise<Response> {
  if (!hosts.accepts(request.headers.get("host"))) return plain(403, "this host name is not served here");
  const path = URL.parse(request.url)?.pathname;
  const page = path === undefined ? undefined : pages.page(path);
  if (page === undefined) return plain(404, "expected /metrics, /metrics/json or /health");
  if (request.method !== "GET" && request.method !== "HEAD") {
    return plain(405, "expected GET or HEAD", { allow: "GET, HEAD" });
  }
  const { status, contentType, body } = await page;
  return new Response(body, { status, headers: { ...HEADERS, "content-type": contentType } });
}

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, { status, headers: { ...HEADERS, ...headers, "content-type": "text/plain" } });
}
