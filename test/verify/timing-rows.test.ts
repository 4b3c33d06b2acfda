import { describe, expect, test } from "bun:test";
import { PositionedFile } from "../../src/verify/positioned-file.ts";
import { Problems } from "../../src/verify/problems.ts";
import { timingRows } from "../../src/verify/timing-rows.ts";
import { TemporaryDirectory } from "../log/temporary-directory.ts";
import { HEADER, sensorTimestamps, timingLines, timingText } from "./write-recording.ts";

const timestampsNs = sensorTimestamps(4);
const lines = timingLines(timestampsNs);

async function read(text: string) {
  using directory = new TemporaryDirectory();
  await Bun.write(directory.file("timing.csv"), text);
  using file = new PositionedFile(directory.file("timing.csv"));
  const problems = new Problems();
  const rows = [...timingRows(file, problems)];
  return { rows, problems: problems.list() };
}

/** The second row with one column put differently. */
function withColumn(index: number, value: string): string {
  const fields = lines[1]?.split(",") ?? [];
  return timingText(lines.with(1, fields.with(index, value).join(",")));
}

test("timestamps are read exactly, beyond 2^53 too", async () => {
  const { rows, problems } = await read(timingText(lines));
  expect(rows.map(({ sensorTimestampNs }) => sensorTimestampNs)).toEqual(timestampsNs);
  expect(problems).toEqual([]);
});

test.each(["left, then right", 'said ""go""', "two\nlines", "two\r\nlines", "Grüße 🎥"])(
  "a label may hold %p",
  async (label) => {
    const { rows, problems } = await read(timingText(timingLines(timestampsNs, `"${label}"`)));
    expect(rows.length).toBe(4);
    expect(problems).toEqual([]);
  },
);

test("many rows are read the same across the pieces that the file is read in", async () => {
  const many = sensorTimestamps(3000);
  const { rows, problems } = await read(timingText(timingLines(many, '"ü, ö"')));
  expect(rows.map(({ sensorTimestampNs }) => sensorTimestampNs)).toEqual(many);
  expect(problems).toEqual([]);
});

test.each([
  ["has another column", HEADER.replace("video_pts", "pts")],
  ["begins with a byte order mark", `\uFEFF${HEADER}`],
  ["ends with a carriage return", `${HEADER}\r`],
  ["is missing", ""],
])("a header that %s is found", async (_name, header) => {
  const { problems } = await read(`${[header, ...lines].join("\n")}\n`);
  expect(problems.length).toBe(1);
  expect(problems[0]).toStartWith("timing file's header is");
});

test("an empty timing file has a problem and no rows", async () => {
  expect(await read("")).toEqual({
    rows: [],
    problems: [`timing file's header is nothing, expected ${JSON.stringify(HEADER)}`],
  });
});

describe("a row is wrong", () => {
  test.each([
    ["trial 0", 0, "0", 'row 2 trial is "0", expected an integer from 1'],
    ["another module", 1, "Cameras", 'row 2 module is "Cameras", expected CSICameras'],
    ["no device", 2, "", 'row 2 device_id is "", expected some text'],
    ["a time with too few decimals", 4, "1767748502.74", "row 2 record_time_unix is"],
    ["a negative time", 5, "-1.000000000", "row 2 record_time_mono is"],
    ["a time that does not increase", 5, "156789.123456789", "row 2 record_time_mono does not increase"],
    ["a frame index out of step", 6, "3", "row 2 frame_index is 3, expected 2"],
    ["a timestamp with a fraction", 7, "1.5", 'row 2 sensor_timestamp_ns is "1.5", expected an integer'],
    ["a timestamp that does not increase", 7, String(timestampsNs[0]), "row 2 sensor_timestamp_ns does not increase"],
    [
      "a frame index of several lines",
      6,
      '"2\n\u001b[2J"',
      'row 2 frame_index is "2\\n\\u001b[2J", expected an integer',
    ],
    ["a pts out of step", 8, "1", "row 2 video_pts is 1, expected 2"],
    ["a carriage return at its end", 8, "2\r", 'row 2 video_pts is "2\\r", expected an integer from 1'],
  ])("with %s", async (_name, column, value, problem) => {
    const { problems } = await read(withColumn(column, value));
    expect(problems.join("\n")).toContain(problem);
  });

  test("with endless fields, in a sentence that is not endless", async () => {
    const { problems } = await read(withColumn(7, "9".repeat(60_000)));
    const { problems: labels } = await read(withColumn(3, "x".repeat(60_000)));
    for (const problem of [...problems, ...labels]) expect(problem.length).toBeLessThan(800);
    expect(labels).toHaveLength(1);
  });

  test("when it is of another trial than the first", async () => {
    const { problems } = await read(withColumn(0, "2"));
    expect(problems).toEqual([
      'row 2 is of ["2","CSICameras","picam:0",""], expected ["1","CSICameras","picam:0",""] as in row 1',
    ]);
  });

  test("when it has too few fields, is blank or is broken", async () => {
    for (const line of ["1,2,3", "", '"']) {
      const { problems } = await read(timingText(lines.with(1, line)));
      expect(problems[0]).toMatch(/^row 2 (has \d fields|has broken quoting|is cut off)/);
    }
  });

  test("when the file ends inside it", async () => {
    const { problems } = await read(timingText(lines).slice(0, -1));
    expect(problems).toEqual(["row 4 is cut off: no newline ends it"]);
  });
});
