/**
 * Whether a request was made to this machine by one of its own names. A page of another site can have its name lead to
 * 127.0.0.1 (DNS rebinding), but the browser then sends that name as `Host`.
 */
export function isLoopbackHost(host: string | null, port: number): boolean {
  if (host === null) return false;
  const names = ["127.0.0.1", "localhost", "[::1]"];
  const allowed = names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  return allowed.includes(host.toLowerCase());
}
