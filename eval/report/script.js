"use strict";

/* Sorting: the heading of each column of a sortable table becomes a button. Cells without a number go last. */

const numberOf = (cell) => {
  const shown = cell.dataset.sort ?? cell.textContent.trim();
  return shown !== "" && Number.isFinite(Number(shown)) ? Number(shown) : null;
};

const compared = (left, right, way) => {
  const [one, other] = [numberOf(left), numberOf(right)];
  if (one !== null && other !== null) return way * (one - other);
  if (one !== null || other !== null) return one !== null ? -1 : 1;
  return way * left.textContent.localeCompare(right.textContent, "en");
};

const sort = (table, column, heading) => {
  const rising = heading.getAttribute("aria-sort") === "descending" || (column === 0 && !heading.hasAttribute("aria-sort"));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", rising ? "ascending" : "descending");
  const rows = [...table.tBodies[0].rows];
  rows.sort((one, other) => compared(one.cells[column], other.cells[column], rising ? 1 : -1));
  table.tBodies[0].append(...rows);
};

for (const table of document.querySelectorAll("table[data-sortable]")) {
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    if (heading.hasAttribute("data-plain")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(table, column, heading));
    heading.append(button);
  });
}

/* Filtering: a case is shown if its type is chosen, one of its failures is (or it has none), and it holds the words. */

const form = document.getElementById("filter");
const others = document.getElementById("others");
const all = document.getElementById("all");
const cases = [...document.querySelectorAll(".case")].map((node) => ({
  node,
  type: node.dataset.type,
  kinds: node.dataset.kinds.split(" ").filter(Boolean),
  text: node.textContent.toLowerCase(),
}));

const chosen = (name) => new Set([...form.querySelectorAll(`input[name="${name}"]:checked`)].map((box) => box.value));

const filter = () => {
  const [types, kinds] = [chosen("type"), chosen("kind")];
  const words = document.getElementById("words").value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = { failed: 0, other: 0 };
  for (const one of cases) {
    const kept = types.has(one.type)
      && (one.kinds.length === 0 || one.kinds.some((kind) => kinds.has(kind)))
      && words.every((word) => one.text.includes(word));
    one.node.hidden = !kept;
    if (kept) shown[one.kinds.length ? "failed" : "other"] += 1;
  }
  const failures = cases.filter((one) => one.kinds.length).length;
  document.getElementById("count").textContent =
    `Shown: ${shown.failed} of ${failures} failures`
    + (others?.open ? ` and ${shown.other} of ${cases.length - failures} other cases.` : ".");
};

const told = () => {
  all.textContent = others.open ? "Show failures only" : "Show all cases";
  filter();
};

if (others) {
  all.addEventListener("click", () => { others.open = !others.open; });
  others.addEventListener("toggle", told);
} else {
  all.hidden = true;
}
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
filter();
