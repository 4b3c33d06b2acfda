import { runTool } from "../support/run-tool.ts";

/** The interpreter itself: what PATH has may be a script that needs PATH again. */
export const python = new TextDecoder()
  .decode(await runTool("python3", "-c", "import sys; print(sys.executable)"))
  .trim();

/** It is to leave nothing in the folders that it runs in. */
export const pythonEnvironment = { PYTHONDONTWRITEBYTECODE: "1" };
