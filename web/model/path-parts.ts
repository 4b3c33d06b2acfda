/** A path's last part, and what leads to it. */
export function pathParts(path: string): { folder: string; file: string } {
  const slash = path.lastIndexOf("/");
  return { folder: path.slice(0, Math.max(0, slash)) || "/", file: path.slice(slash + 1) };
}
