import { expect, test } from "bun:test";
import { FragmentedMp4 } from "../../../src/recording/mp4/fragmented-mp4.ts";
import { TemporaryDirectory } from "../../log/temporary-directory.ts";
import { encodeH264Video, inGroups, toSamples } from "./encoded-video.ts";

/** Plays the video at `source` and tells its server what came of it. */
function page(source: string): string {
  return `<!doctype html><video muted></video><script>
    const video = document.querySelector("video");
    const tell = (result) => fetch("/result", { method: "POST", body: JSON.stringify(result) });
    video.onerror = () => tell({ error: video.error.message });
    video.onended = () => tell({
      width: video.videoWidth, height: video.videoHeight, duration: video.duration, currentTime: video.currentTime,
      frames: video.getVideoPlaybackQuality().totalVideoFrames, corrupted: video.getVideoPlaybackQuality().corruptedVideoFrames,
    });
    ${source}
    video.play();
  </script>`;
}

const FROM_FILE = `video.src = "/video.mp4";`;
const FROM_MEDIA_SOURCE = `
  const media = new MediaSource();
  video.src = URL.createObjectURL(media);
  media.onsourceopen = async () => {
    const buffer = media.addSourceBuffer('video/mp4; codecs="avc1.64000b"');
    buffer.onerror = () => tell({ error: "source buffer" });
    buffer.onupdateend = () => media.endOfStream();
    buffer.appendBuffer(await (await fetch("/video.mp4")).arrayBuffer());
  };`;

async function play(video: Uint8Array<ArrayBuffer>, source: string): Promise<unknown> {
  using profile = new TemporaryDirectory();
  const { promise: result, resolve } = Promise.withResolvers<unknown>();
  await using server = Bun.serve({
    port: 0,
    routes: {
      "/": new Response(page(source), { headers: { "content-type": "text/html" } }),
      "/video.mp4": new Response(video, { headers: { "content-type": "video/mp4" } }),
      "/result": async (request) => {
        resolve(await request.json());
        return new Response();
      },
    },
  });
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
  flags.push("--disable-background-networking", "--disable-component-update", "--disable-sync");
  flags.push(
    "--autoplay-policy=no-user-gesture-required",
    `--user-data-dir=${profile.path}`,
    "--remote-debugging-port=0",
  );
  const command = ["chromium", ...flags, String(server.url)];
  const env = { ...process.env, TMPDIR: profile.path };
  const browser = Bun.spawn(command, { stdout: "ignore", stderr: "ignore", detached: true, env });
  const outcome = await Promise.race([result, browser.exited.then((code) => ({ error: `chromium exited: ${code}` }))]);
  // With its children, which would write into the profile while it is being removed.
  if (browser.exitCode === null) process.kill(-browser.pid, "SIGKILL");
  await browser.exited;
  return outcome;
}

test.each([
  ["a video element", FROM_FILE],
  ["Media Source Extensions", FROM_MEDIA_SOURCE],
])(
  "Chromium plays a fragmented H.264 file through %s to its last frame",
  async (_name, source) => {
    const encoded = encodeH264Video({ frames: 30, x264: "keyint=10" });
    const mp4 = new FragmentedMp4(encoded.track);
    const samples = toSamples(
      encoded,
      encoded.pictures.map((_, index) => Math.round((index * 1e6) / 60)),
    );
    const fragments = inGroups(samples, 10).map((group) => mp4.fragment(group));
    expect(await play(Buffer.concat([mp4.initSegment(), ...fragments]), source)).toEqual({
      width: 160,
      height: 96,
      duration: 0.5,
      currentTime: 0.5,
      frames: 30,
      corrupted: 0,
    });
  },
  30_000,
);
