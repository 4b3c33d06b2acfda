/** The file is not what a recording that was broken off leaves behind; nothing was changed. */
export class NotRepairableError extends Error {
  override readonly name = "NotRepairableError";
}
