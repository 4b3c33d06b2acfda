import { formatCount, NOTHING } from "../model/format.ts";
import { type LedgerRow, ledgerRows } from "../model/ledger-rows.ts";
import { printable } from "../model/printable.ts";
import type { View } from "../model/viewer-state.ts";
import { find, make, setData, setText } from "./elements.ts";

/** Where every frame went, of the recording and since the device was assigned. */
export function ledgerView(): View {
  const body = find("ledger-rows", HTMLTableSectionElement);
  return ({ snapshot }) => {
    const rows = ledgerRows(snapshot?.recording?.ledger, snapshot?.totals);
    while (body.rows.length > rows.length) body.deleteRow(-1);
    rows.forEach((row, index) => fill(body.rows[index] ?? body.appendChild(emptyRow()), row));
  };
}

function emptyRow(): HTMLTableRowElement {
  const label = make("th", "");
  label.scope = "row";
  return make("tr", "", label, make("td", ""), make("td", ""));
}

function fill(line: HTMLTableRowElement, row: LedgerRow): void {
  setData(line, "role", row.role);
  const [label, recording, totals] = line.cells;
  if (label !== undefined) setText(label, printable(row.label, 60));
  if (recording !== undefined) fillCount(recording, row.recording, row.alarm);
  if (totals !== undefined) fillCount(totals, row.totals, row.alarm);
}

function fillCount(cell: HTMLTableCellElement, count: number | null, alarm: LedgerRow["alarm"]): void {
  setText(cell, count === null ? NOTHING : formatCount(count));
  // Less than nothing: the books don't balance.
  const isWrong = count !== null && count < 0;
  setData(cell, "alarm", isWrong ? "fault" : count !== null && count > 0 ? alarm : "none");
}
