// Tables: rows, columns and header rows; the head, body and foot of a table are a grid each, with the same columns.
import {
  addColumn, addRow, goToNextCell, isInTable, removeColumn, removeRow, selectedRect, TableMap, TextSelection,
} from "../vendor/prosemirror.js";

const BODY_ROWS = 2, COLUMNS = 3; // of a new table

// The table around the cursor, and where it begins.
function around(state) {
  const { $head } = state.selection;
  for (let depth = $head.depth; depth > 0; depth -= 1) {
    if ($head.node(depth).type.name === "table") return { node: $head.node(depth), at: $head.before(depth) };
  }
  return null;
}

// Its grids, as the commands of a single one want them.
function grids({ node, at }) {
  const found = [];
  node.forEach((child, offset) => {
    if (child.type.spec.tableRole === "table") found.push({ table: child, map: TableMap.get(child), tableStart: at + offset + 2 });
  });
  return found;
}

// A command that has a table under the cursor; `act` changes what is handed to it.
const within = (act) => (state, dispatch) => {
  const here = isInTable(state) ? around(state) : null;
  if (!here) return false;
  if (dispatch) {
    const change = state.tr;
    act(change, here, selectedRect(state));
    dispatch(change.scrollIntoView());
  }
  return true;
};

// What was said of the columns' widths holds no longer.
function forgetWidths(change, { node, at }) {
  node.forEach((child, offset) => {
    if (child.type.name === "colgroup") change.delete(at + offset + 1, at + offset + 1 + child.nodeSize);
  });
}

function drop(change, { at }) {
  const place = change.doc.resolve(at);
  const isFramed = place.parent.type.name === "figure";
  const from = isFramed ? place.before() : at;
  const size = change.doc.nodeAt(from).nodeSize;
  const { p } = change.doc.type.schema.nodes;
  change.replaceWith(from, from + size, p.create());
  change.setSelection(TextSelection.near(change.doc.resolve(from + 1)));
}

// New cells of a head say that they head a column.
function headed(change, start) {
  change.doc.nodeAt(start - 1).descendants((node, at) => {
    if (node.type.name === "th" && !node.attrs.scope && !node.textContent) change.setNodeAttribute(start + at, "scope", "col");
  });
}

const column = (side) => within((change, here, rect) => {
  for (const grid of grids(here).reverse()) {
    addColumn(change, grid, Math.min(rect[side], grid.map.width));
    if (grid.table.type.name === "thead") headed(change, grid.tableStart);
  }
  forgetWidths(change, here);
});

const noColumn = within((change, here, rect) => {
  if (rect.right - rect.left >= rect.map.width) return drop(change, here);
  for (const grid of grids(here).reverse()) {
    for (let place = Math.min(rect.right, grid.map.width) - 1; place >= rect.left; place -= 1) {
      removeColumn(change, grid, place);
      grid.table = change.doc.nodeAt(grid.tableStart - 1);
      grid.map = TableMap.get(grid.table);
    }
  }
  return forgetWidths(change, here);
});

const above = within((change, _here, rect) => addRow(change, rect, rect.top));

const below = within((change, here, rect) => {
  const all = grids(here);
  const next = all[all.findIndex((one) => one.tableStart === rect.tableStart) + 1];
  const isHead = rect.table.type.name === "thead" && rect.bottom === rect.map.height;
  if (isHead && next) addRow(change, next, 0);
  else addRow(change, rect, rect.bottom);
});

const noRow = within((change, here, rect) => {
  const isWhole = rect.bottom - rect.top >= rect.map.height;
  if (isWhole && grids(here).length === 1) return drop(change, here);
  if (isWhole) return change.delete(rect.tableStart - 1, rect.tableStart - 1 + rect.table.nodeSize);
  for (let row = rect.bottom - 1; row >= rect.top; row -= 1) {
    removeRow(change, rect, row);
    rect.table = change.doc.nodeAt(rect.tableStart - 1);
    rect.map = TableMap.get(rect.table);
  }
  return change;
});

const list = (node) => Array.from({ length: node.childCount }, (_, at) => node.child(at));
const turned = (row, type, attrs) =>
  row.type.create(row.attrs, list(row).map((cell) => type.create({ ...cell.attrs, ...attrs }, cell.content)));

// Where the cells of a table begin, which stand in the same order whatever its rows are.
function cells(table) {
  const found = [];
  table.descendants((node, at) => {
    const is_cell = ["cell", "header_cell"].includes(node.type.spec.tableRole);
    if (is_cell) found.push(at);
    return !is_cell;
  });
  return found;
}

// The first row becomes the head of the table, or its head rows like any other.
const heading = within((change, { node, at }) => {
  const { thead, tbody, tr, th, td } = node.type.schema.nodes;
  const parts = list(node);
  const head = parts.findIndex((one) => one.type === thead), body = parts.findIndex((one) => one.type === tbody);
  if (head >= 0) {
    const rows = list(parts[head]).map((row) => turned(row, td, { scope: null }));
    if (body >= 0) parts[body] = parts[body].type.create(parts[body].attrs, [...rows, ...list(parts[body])]);
    parts.splice(head, 1, ...(body >= 0 ? [] : [tbody.create(null, rows)]));
  } else if (body >= 0) {
    const [first, ...rest] = list(parts[body]);
    if (!rest.length) rest.push(tr.create(null, list(first).map(() => td.createAndFill())));
    const made = thead.create(null, turned(first, th, { scope: "col", rowspan: 1 }));
    parts.splice(body, 1, made, parts[body].type.create(parts[body].attrs, rest));
  }
  const made = node.type.create(node.attrs, parts);
  const stood = cells(node).findLastIndex((place) => at + 1 + place < change.selection.head);
  change.replaceWith(at, at + node.nodeSize, made);
  change.setSelection(TextSelection.near(change.doc.resolve(at + 2 + cells(made)[stood])));
});

// On with a paragraph behind the table, for what ends with one has no other place to go on.
const leave = within((change, { at }) => {
  const place = change.doc.resolve(at);
  const behind = place.parent.type.name === "figure" ? place.after() : at + change.doc.nodeAt(at).nodeSize;
  change.insert(behind, change.doc.type.schema.nodes.p.create());
  change.setSelection(TextSelection.near(change.doc.resolve(behind + 1)));
});

function insert(state, dispatch) {
  if (isInTable(state)) return false;
  if (dispatch) {
    const { figure, table, thead, tbody, tr, th, td } = state.schema.nodes;
    const row = (type, attrs) => tr.create(null, Array.from({ length: COLUMNS }, () => type.createAndFill(attrs)));
    const rows = Array.from({ length: BODY_ROWS }, () => row(td, null));
    const made = table.create(null, [thead.create(null, row(th, { scope: "col" })), tbody.create(null, rows)]);
    const change = state.tr.replaceSelectionWith(figure.create({ class: "table" }, made), false);
    let at = -1;
    change.doc.descendants((node, place) => {
      if (node === made) at = place;
      return at < 0;
    });
    if (at >= 0) change.setSelection(TextSelection.near(change.doc.resolve(at + 1)));
    dispatch(change.scrollIntoView());
  }
  return true;
}

export const TABLE = {
  table: insert, "row-above": above, "row-below": below, "no-row": noRow, "column-before": column("left"),
  "column-after": column("right"), "no-column": noColumn, heading, leave, "no-table": within((change, here) => drop(change, here)),
};
export const TABLE_KEYS = { Tab: goToNextCell(1), "Shift-Tab": goToNextCell(-1), "Mod-Enter": leave };
