import { z } from "zod";

const TimesNs = z.array(z.number().nonnegative());

/** What `bench-camera-thread` prints: CPU times of libcamera's thread (main.cpp, pretended_camera.h). */
export const CameraThreadTimes = z.object({ goodNs: TimesNs, badNs: TimesNs, wakeNs: TimesNs, clockNs: TimesNs });
