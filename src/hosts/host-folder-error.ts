/** A host's folder is not as it has to be; the message is one line for stderr that says what to do. */
export class HostFolderError extends Error {
  override readonly name = "HostFolderError";
}
