import { expect } from "bun:test";
import { type RawAnswer, rawRequest, requestText } from "./raw-request.ts";
import type { ViewerUnderTest } from "./viewer-under-test.ts";

export type Header = readonly [string, string];

/** What every answer of the viewer's carries. */
export const SECURITY_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** Sends a request with just these headers. */
export async function ask(under: ViewerUnderTest, line: string, ...headers: readonly Header[]): Promise<RawAnswer> {
  return await rawRequest(under.endpoint, requestText(line, headers));
}

export function expectRefused(answer: RawAnswer, status: number): void {
  expect(answer.status).toBe(status);
  expect(answer.headers).toMatchObject(SECURITY_HEADERS);
  // A sentence of ours, without a word of what came.
  expect(answer.body).toMatch(/^[A-Z][\w ,;']+\.\n$/);
}
