import { expect, test } from "bun:test";
import { FragmentedMp4 } from "../../../src/recording/mp4/fragmented-mp4.ts";
import { RESERVED_BOX } from "../../../src/recording/mp4/reserved-box.ts";
import { TemporaryDirectory } from "../../log/temporary-directory.ts";
import { encodeH264Video, inGroups, toSamples } from "./encoded-video.ts";
import { ordinaryVideo } from "./ordinary-video.ts";

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

const encoded = encodeH264Video({ frames: 30, x264: "keyint=10" });
const timesUs = encoded.pictures.map((_, index) => Math.round((index * 1e6) / 60));
const fragments = inGroups(toSamples(encoded, timesUs), 10);
const ordinary = await ordinaryVideo(new FragmentedMp4(encoded.track), fragments);

/** What the file is while it is recorded, and right before it becomes an ordinary one. */
function fragmented({ hasFinalMovie }: { hasFinalMovie: boolean }): Buffer {
  const bytes = Buffer.from(ordinary);
  const { reservedAt } = new FragmentedMp4(encoded.track);
  const moovAt = reservedAt + Number(bytes.readBigUInt64BE(reservedAt + 8));
  bytes.set(RESERVED_BOX, reservedAt);
  return bytes.subarray(0, hasFinalMovie ? bytes.length : moovAt - 8);
}

test.each([
  ["a fragmented H.264 file through a video element", fragmented({ hasFinalMovie: false }), FROM_FILE],
  ["a fragmented H.264 file through Media Source Extensions", fragmented({ hasFinalMovie: false }), FROM_MEDIA_SOURCE],
  ["a fragmented H.264 file with its final movie box still hidden", fragmented({ hasFinalMovie: true }), FROM_FILE],
  ["the ordinary H.264 file", ordinary, FROM_FILE],
])(
  "Chromium plays %s to its last frame",
  async (_name, video, source) => {
    expect(await play(new Uint8Array(video), source)).toEqual({
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
