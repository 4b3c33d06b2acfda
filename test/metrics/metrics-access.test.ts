import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { waitUntil } from "../log/wait-until.ts";
import { expectPayload } from "../support/expect-payload.ts";
import { ModuleProcess, programCommand } from "../support/module-process.ts";
import { residentBytes } from "../support/process-usage.ts";
import { assign, startRecording, waitForRows } from "../support/record.ts";
import { type MetricsClient, startMeasured } from "./metrics-client.ts";

/** Sends bytes as they are and returns all that comes until the other side closes. */
async function rawAnswer(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  const ended = Promise.withResolvers<void>();
  socket.on("data", (data) => (text += data.toString("latin1")));
  socket.on("close", () => ended.resolve());
  socket.on("error", () => ended.resolve());
  socket.write(bytes);
  await ended.promise;
  return text;
}

function get(path: string, host: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
}

async function statusOf(port: number, bytes: string): Promise<number> {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(await rawAnswer(port, bytes))?.[1]);
}

describe("--metrics-port", () => {
  test("answers this machine's own names only, and only to GET and HEAD of what there is", async () => {
    const { host, metrics } = await startMeasured(["--source", "synthetic"]);
    await using _host = host;
    const { port } = metrics;
    for (const name of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
      for (const path of ["/metrics", "/metrics/json", "/health", "/health?x=1"]) {
        expect([name, path, await statusOf(port, get(path, name))]).toEqual([name, path, 200]);
      }
    }
    const others = ["evil.example", `evil.example:${port}`, "127.0.0.1", "localhost", `127.0.0.1.evil.example:${port}`];
    for (const name of [...others, `127.0.0.1:${port + 1}`, `127.0.0.2:${port}`, `0.0.0.0:${port}`]) {
      for (const path of ["/metrics", "/health", "/"]) {
        expect([name, path, await statusOf(port, get(path, name))]).toEqual([name, path, 403]);
      }
    }
    // Another name in the request line counts for nothing, and neither does none.
    expect(await rawAnswer(port, "GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n")).not.toContain("csi_camera");
    const absolute = `GET http://localhost:${port}/metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
    expect(await rawAnswer(port, absolute)).not.toContain("csi_camera");

    for (const path of ["/", "/metrics/", "/metrics/x", "//metrics", "/../metrics.txt", "/health/..", "/%6detrics"]) {
      expect([path, await statusOf(port, get(path, `localhost:${port}`))]).toEqual([path, 404]);
    }
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const response = await metrics.fetch("/metrics", { method });
      expect([method, response.status, response.headers.get("allow")]).toEqual([method, 405, "GET, HEAD"]);
    }
    const head = await metrics.fetch("/metrics", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect(Number(head.headers.get("content-length"))).toBeGreaterThan(5000);
  }, 30_000);

  test("a port that can't be had: one line on stderr, exit 2, before ready and before any camera", async () => {
    using taken = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const { host, metrics } = await startMeasured(["--source", "synthetic"]);
    await using _host = host;
    for (const port of [taken.port, metrics.port]) {
      await using other = new ModuleProcess(["--metrics-port", String(port), "--camera-index", "0"]);
      const stderr = `csi-camera: --metrics-port 127.0.0.1:${port}: can't listen there: the port is in use\n`;
      expect(await other.ending()).toEqual({ exitCode: 2, signal: null, stderr });
      expect(other.statuses).toEqual([]);
    }
    // The one that has it goes on.
    expect((await metrics.health()).code).toBe(200);
  }, 30_000);

  test.if(process.getuid?.() === 0 && Bun.which("ip") !== null)(
    "a privileged port: one line on stderr, exit 2, before ready",
    async () => {
      const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];
      const command = [...asNobody, ...programCommand(["--metrics-port", "81"])];
      // A network of its own: elsewhere somebody may have allowed such ports to all.
      const unshared = ["unshare", "--net", "sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "sh", ...command];
      const child = Bun.spawnSync(unshared, { stdin: "ignore" });
      expect({ exitCode: child.exitCode, stdout: child.stdout.toString(), stderr: child.stderr.toString() }).toEqual({
        exitCode: 2,
        stdout: "",
        stderr:
          "csi-camera: --metrics-port 127.0.0.1:81: can't listen there: ports below 1024 need more rights than this program has\n",
      });
    },
    30_000,
  );
});

test("without --metrics-port the program listens nowhere", async () => {
  await using host = new ModuleProcess(["--source", "synthetic"]);
  await assign(host);
  expect(listeningSockets(host.pid)).toEqual([]);
  const { host: other } = await startMeasured(["--source", "synthetic"]);
  await using _other = other;
  expect(listeningSockets(other.pid)).toHaveLength(1);
});

test("scrapers that send thousands of requests and read no answer cost a recording no frame, and no memory", async () => {
  using directory = new TemporaryDirectory();
  const { host, metrics } = await startMeasured(["--source", "synthetic", "--size", "320x240"]);
  await using _host = host;
  await assign(host);
  const paths = await startRecording(host, directory.path);
  await waitForRows(paths, 15);
  const before = residentBytes(host.pid);
  const deaf = await deafScrapers(metrics, 50);
  try {
    await waitForRows(paths, 180);
    expect((await metrics.health()).code).toBe(200);
    expect(residentBytes(host.pid) - before).toBeLessThan(60e6);
  } finally {
    for (const socket of deaf) socket.destroy();
  }
  const { ledger } = expectPayload(await host.ask("stop_recording"), "recording_stopped");
  expect(ledger.dropped).toEqual({});
  expect(ledger.recorded).toBe(ledger.captured);
}, 60_000);

/** Inodes of the TCP sockets of a process that listen: proc_pid_net(5). */
function listeningSockets(pid: number): string[] {
  const own = readdirSync(`/proc/${pid}/fd`).map((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return ""; // closed meanwhile
    }
  });
  const lines = ["tcp", "tcp6"].flatMap((table) => readFileSync(`/proc/${pid}/net/${table}`, "utf8").split("\n"));
  const listening = lines.map((line) => line.trim().split(/\s+/)).filter((fields) => fields[3] === "0A");
  return listening.map((fields) => fields[9] ?? "").filter((inode) => own.includes(`socket:[${inode}]`));
}

/** Each sends as many requests as the other side takes, and reads nothing. */
async function deafScrapers({ port }: MetricsClient, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(port, "127.0.0.1"));
  let connected = 0;
  for (const socket of sockets) {
    socket.on("error", () => undefined);
    socket.on("connect", () => {
      connected++;
      socket.pause();
      socket.write(get("/metrics", `localhost:${port}`).replace("close", "keep-alive").repeat(200));
    });
  }
  await waitUntil("all connected", () => connected === count);
  return sockets;
}
