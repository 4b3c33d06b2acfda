import { expect, test } from "bun:test";
import { checkAccess, readAccess } from "../../src/doctor/checks/access.ts";
import { checkInUse, readUse } from "../../src/doctor/checks/in-use.ts";
import { MachineTree } from "./machine-tree.ts";

const PASSWD = "root:x:0:0::/root:/bin/sh\npi:x:1000:1000:,,,:/home/pi:/bin/bash\n";
const NODES = { "/dev/video0": "", "/dev/media0": "", "/dev/v4l-subdev0": "", "/dev/null": "" };

test.each([
  ["member", "video:x:44:pi\n", "Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t4 44 1000\n"],
  ["listed", "video:x:44:ann,pi\n", "Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t4 1000\n"],
  ["outside", "video:x:44:ann\n", "Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t4 1000\n"],
  ["none", "audio:x:29:pi\n", "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\n"],
] as const)("who this process is to the group video: %s", (videoGroup, group, status) => {
  using tree = new MachineTree({ "/etc/passwd": PASSWD, "/etc/group": group, "/proc/self/status": status, ...NODES });
  const { nodes, ...who } = readAccess(tree.files, { withHeaps: false });
  expect(who).toEqual({ isRoot: videoGroup === "none", videoGroup });
  expect(nodes).toEqual(["/dev/media0", "/dev/v4l-subdev0", "/dev/video0"].map((path) => ({ path, isOurs: true })));
});

test("memory for pictures is looked at where the camera needs it", () => {
  using tree = new MachineTree({ ...NODES, "/dev/dma_heap/linux,cma": "" });
  const { nodes } = readAccess(tree.files, { withHeaps: true });
  expect(nodes.map(({ path }) => path)).toContain("/dev/dma_heap/linux,cma");
});

test("a node without permission is a failure with what to do, and a warning where frames came nevertheless", () => {
  const closed = ["/dev/media0", "/dev/media1", "/dev/video0", "/dev/video1", "/dev/video2"];
  const nodes = [{ path: "/dev/video3", isOurs: true }, ...closed.map((path) => ({ path, isOurs: false }))];
  const outside = { isRoot: false, videoGroup: "outside", nodes } as const;
  expect(checkAccess(outside, false)).toMatchObject({
    level: "failure",
    sentence: "no permission to read and write /dev/media0, /dev/media1, /dev/video0 and 2 more",
    values: { no_permission: closed },
    advice: [expect.stringContaining("usermod -aG video")],
  });
  expect(checkAccess(outside, true)).toMatchObject({ level: "warning" });
  const listed = { ...outside, videoGroup: "listed" } as const;
  expect(checkAccess(listed, false)).toMatchObject({ advice: [expect.stringContaining("log out and in")] });
});

test("nodes that can be used are right for a member of the group; one outside may have them lent only", () => {
  const nodes = [{ path: "/dev/video0", isOurs: true }];
  expect(checkAccess({ isRoot: false, videoGroup: "member", nodes }, false)).toMatchObject({ level: "ok" });
  expect(checkAccess({ isRoot: false, videoGroup: "outside", nodes }, true)).toMatchObject({ level: "warning" });
  expect(checkAccess({ isRoot: true, videoGroup: "member", nodes: [] }, false)).toMatchObject({ level: "unknown" });
  const heap = [{ path: "/dev/dma_heap/system", isOurs: true }];
  expect(checkAccess({ isRoot: true, videoGroup: "member", nodes: heap }, false)).toMatchObject({ level: "unknown" });
});

test("who holds a camera is told by name, and what can't be seen into is counted", () => {
  using tree = new MachineTree({
    "/proc/12/comm": "rpicam-hello\n",
    "/proc/12/cmdline": "rpicam-hello\0-t\x000\0",
    "/proc/12/fd/3": "-> /dev/media0",
    "/proc/12/fd/4": "-> /dev/video0",
    "/proc/12/fd/5": "-> /dev/video0",
    "/proc/12/fd/6": "-> /dev/null",
    "/proc/13/comm": "sshd\n",
    "/proc/13/fd/0": "-> socket:[1]",
    "/proc/14/comm": "hidden\n",
    "/proc/99/comm": "this one\n",
    "/proc/99/fd/0": "-> /dev/video0",
  });
  const use = readUse(tree.files, 99);
  expect(use).toEqual({
    holders: [{ pid: 12, name: "rpicam-hello", command: "rpicam-hello -t 0", nodes: ["/dev/media0", "/dev/video0"] }],
    hiddenProcesses: 1,
  });
  expect(checkInUse(use, "busy")).toMatchObject({
    level: "failure",
    sentence:
      'another process holds the camera: rpicam-hello (process 12, "rpicam-hello -t 0", has /dev/media0, /dev/video0)',
    advice: ["end rpicam-hello"],
  });
  expect(checkInUse(use, "no_frames")).toMatchObject({ level: "warning" });
  expect(checkInUse(use, "frames")).toMatchObject({ level: "ok", advice: [] });
});

test("a camera that is held by who can't be seen asks for sudo; nobody there is right", () => {
  const hidden = { holders: [], hiddenProcesses: 7 };
  expect(checkInUse(hidden, "busy")).toMatchObject({ level: "failure", advice: [expect.stringContaining("sudo")] });
  const seen = "no process that can be seen holds a camera or an encoder";
  expect(checkInUse(hidden, "no_frames")).toMatchObject({ level: "unknown", sentence: seen });
  expect(checkInUse(hidden, "frames")).toMatchObject({ level: "ok", sentence: seen });
  expect(checkInUse({ ...hidden, hiddenProcesses: 0 }, "no_frames")).toMatchObject({
    level: "ok",
    sentence: "no other process holds a camera or an encoder",
  });
});
