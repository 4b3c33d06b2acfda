import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { cameraLabel, recordingStem, sessionRoot, sessionToken } from "../../src/recording/recording-names.ts";

describe("sessionToken", () => {
  const tokens: [string, string][] = [
    ["/data/session_20260106_081726", "20260106_081726"],
    ["/data/20260106", "20260106"],
    ["/data/my_session", "session"],
    ["/data/_x", "x"],
    ["/data/session_", "session_"],
    ["/data/Übung_1 b", "1 b"],
  ];
  for (const [directory, token] of tokens) {
    test(`of ${directory} is ${token}`, () => {
      expect(sessionToken(directory)).toBe(token);
    });
  }
});

describe("sessionRoot", () => {
  const roots: [string, string][] = [
    ["/data/session_1", "/data/session_1"],
    ["/data/session_1/CSICameras", "/data/session_1"],
    ["/data/session_1/CSICameras/", "/data/session_1"],
    ["/data/CSICameras/session_1", "/data/CSICameras/session_1"],
    ["/data/session_1/csicameras", "/data/session_1/csicameras"],
  ];
  for (const [directory, root] of roots) {
    test(`of ${directory} is ${root}`, () => {
      expect(sessionRoot(directory)).toBe(root);
    });
  }
});

describe("cameraLabel", () => {
  const labels: [string, string, string][] = [
    ["IMX296", "picam:0", "IMX296_picam_0"],
    ["imx296", "/base/soc/i2c0mux/i2c@1/imx296@1a", "imx296_base_so"],
    ["Raspberry Pi Camera 3", "a1b2c3d4e5f6", "Raspberry_Pi_Camera_3_a1b2c3d4"],
    ["../../etc/passwd", "picam:0", "etc_passwd_picam_0"],
    ["..", "..", "camera"],
    ["", "", "camera"],
    ["", "picam:1", "picam_1"],
    ["cam", "", "cam"],
    ["a\"b'c`d$e", "x", "a_b_c_d_e_x"],
    ["line\nbreak\r\ttab", "x", "line_break_tab_x"],
    ["Kamera Süd", "x", "Kamera_Sud_x"],
    ["📷", "📷📷", "camera"],
    [".hidden", ".x", "hidden_x"],
    ["-rf", "x", "-rf_x"],
  ];
  for (const [name, id, label] of labels) {
    test(`of ${JSON.stringify(name)} and ${JSON.stringify(id)} is ${label}`, () => {
      expect(cameraLabel(name, id)).toBe(label);
    });
  }

  test("is a plain file name of bounded length, whatever it is made of", () => {
    const anyText = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.string({ unit: fc.constantFrom(".", "/", "_", "a") }),
    );
    fc.assert(
      fc.property(anyText, anyText, (name, id) => {
        const label = cameraLabel(name, id);
        expect(label).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/);
        expect(label).not.toContain("..");
        expect(label.length).toBeLessThanOrEqual(80);
      }),
      { numRuns: 500 },
    );
  }, 30_000);
});

describe("recordingStem", () => {
  const stems: [number, number, string][] = [
    [1, 1, "t_CSI_trial001_c"],
    [42, 2, "t_CSI_trial042_c_2"],
    [999, 3, "t_CSI_trial999_c_3"],
    [1234, 1, "t_CSI_trial1234_c"],
  ];
  for (const [trial, attempt, stem] of stems) {
    test(`of trial ${trial}, the ${attempt}. time, is ${stem}`, () => {
      expect(recordingStem("t", trial, "c", attempt)).toBe(stem);
    });
  }
});
