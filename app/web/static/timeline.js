// The picture of a patient, closer: by drag, by keys, and each mark in words. The page draws; this
// only asks it for other days and puts what it answers in place.

const SVG = "http://www.w3.org/2000/svg";
const FAR = 8; // Pixels from a mark at which it is still meant.
const DRAG = 8; // Pixels before a press is a drag.
const HOLD_MS = 350; // A finger that rests so long marks, where moving it would scroll.
const LEAVE_MS = 250; // Time to reach the words.

const drawn = document.getElementById("drawn");
const region = drawn.querySelector(".scroll");
const bubble = drawn.querySelector(".bubble");
const shown = document.getElementById("shown");
const spoken = document.getElementById("mark");
const day = new Intl.DateTimeFormat("sv-SE", { timeZone: drawn.dataset.zone });

let svg, marks, current, pressed, band, walking, leaving, asked;
const before = [];

// The browser's own words over a mark would cover ours: what a mark says becomes its description.
function take() {
  svg = region.querySelector("svg");
  marks = current = null;
  for (const title of svg.querySelectorAll("title")) {
    const words = document.createElementNS(SVG, "desc");
    if (title.id) words.id = title.id;
    words.textContent = title.textContent;
    title.replaceWith(words);
  }
  const scrolls = region.scrollWidth > region.clientWidth;
  svg.classList.toggle("fits", !scrolls);
}

function all() {
  marks ??= [...svg.querySelectorAll("g desc")].map((words) => {
    const mark = words.parentNode;
    const row = mark.parentNode;
    const { x, y, width, height } = mark.getBBox();
    return { mark, row, words: words.textContent, x, y, width, height, small: width * height < 900 };
  });
  return marks;
}

const scale = () => svg.viewBox.baseVal.width / svg.getBoundingClientRect().width;

function inside(event) {
  const box = svg.getBoundingClientRect();
  return { x: (event.clientX - box.left) * scale(), y: (event.clientY - box.top) * scale() };
}

function off(one, { x, y }) {
  const beside = (least, length, at) => Math.max(least - at, 0, at - least - length);
  return Math.hypot(beside(one.x, one.width, x), beside(one.y, one.height, y));
}

// Small marks lie over large ones: a point in the window is meant before the window.
function under(at) {
  let best = null;
  let least = Infinity;
  for (const one of all()) {
    const cost = off(one, at);
    if (cost <= (one.small ? FAR * scale() : 0) && cost + (one.small ? 0 : 99) < least) {
      best = one;
      least = cost + (one.small ? 0 : 99);
    }
  }
  return best;
}

function tell(one) {
  stay();
  if (one === current) return;
  current?.mark.classList.remove("current");
  current = one;
  bubble.hidden = !one;
  if (!one) return;
  one.mark.classList.add("current");
  bubble.textContent = one.words.replaceAll("; ", "\n");
  const box = svg.getBoundingClientRect();
  const frame = drawn.getBoundingClientRect();
  const middle = box.left - frame.left + (one.x + one.width / 2) / scale();
  const left = Math.min(Math.max(0, middle - bubble.offsetWidth / 2), drawn.clientWidth - bubble.offsetWidth);
  const above = box.top - frame.top + one.y / scale() - bubble.offsetHeight - 4;
  const below = box.top - frame.top + (one.y + one.height) / scale() + 4;
  bubble.style.setProperty("left", `${left}px`);
  bubble.style.setProperty("top", `${above + frame.top >= 0 ? above : below}px`);
}

function leave() {
  leaving ??= setTimeout(() => walking || tell(null), LEAVE_MS);
}

function stay() {
  clearTimeout(leaving);
  leaving = null;
}

// Other days.

async function go(address, back = false) {
  const here = location.search;
  const url = new URL(address, location.href);
  url.hash = "";
  asked?.abort();
  asked = new AbortController();
  region.setAttribute("aria-busy", "true");
  try {
    const headers = { Accept: "text/html", "X-Form-Proof": document.body.dataset.proof };
    const answer = await fetch(url, { headers, signal: asked.signal });
    if (answer.status === 401) return keep("You are signed out: load the page again to sign in.");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !page.getElementById("drawn")) return keep("That can't be shown.");
    if (!back) before.push(here);
    history.replaceState(null, "", url);
    put(page);
  } catch (error) {
    if (error.name === "AbortError") return;
    keep("The service can't be reached.");
  }
  region.removeAttribute("aria-busy");
}

function keep(why) {
  region.removeAttribute("aria-busy");
  shown.dataset.days ??= shown.textContent;
  shown.textContent = `${why} Still shown: ${shown.dataset.days}.`;
}

function put(page) {
  const held = document.activeElement?.id;
  for (const part of document.querySelectorAll("[data-part]")) {
    const other = page.getElementById(part.id);
    if (other) part.replaceWith(document.adoptNode(other));
  }
  if (held && document.activeElement === document.body) {
    document.getElementById(held)?.focus();
    if (document.activeElement === document.body) region.focus({ preventScroll: true });
  }
  tell(null);
  walking = false;
  region.replaceChildren(...page.querySelector("#drawn .scroll").childNodes);
  delete shown.dataset.days;
  shown.textContent = page.getElementById("shown").textContent;
  take();
}

const back = () => before.length && go(`${location.pathname}${before.pop()}`, true);
const follow = (id) => {
  const link = document.getElementById(id);
  if (link.href) go(link.href);
  else shown.textContent = `Nothing more there. Shown: ${shown.dataset.days ??= shown.textContent}.`;
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("#bar a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go(link.href);
});
document.addEventListener("submit", (event) => {
  if (event.target.id !== "range") return;
  event.preventDefault();
  go(`?${new URLSearchParams(new FormData(event.target))}`);
});

// Drag.

const clamp = (x) => Math.min(Number(svg.dataset.right), Math.max(Number(svg.dataset.left), x));

function mark(x) {
  if (!band) {
    band = document.createElementNS(SVG, "rect");
    band.setAttribute("class", "band");
    band.setAttribute("height", svg.viewBox.baseVal.height);
    svg.append(band);
    tell(null);
  }
  const [from, to] = [clamp(pressed.x), clamp(x)].sort((a, b) => a - b);
  band.setAttribute("x", from);
  band.setAttribute("width", to - from);
  pressed.days = [from, to];
}

function drop() {
  clearTimeout(pressed?.timer);
  band?.remove();
  band = pressed = null;
}

function dayAt(x) {
  const [since, until] = [svg.dataset.from, svg.dataset.to].map(Date.parse);
  const share = (x - svg.dataset.left) / (svg.dataset.right - svg.dataset.left);
  return day.format(since + share * (until - since));
}

region.addEventListener("pointerdown", (event) => {
  if (event.button || !svg.contains(event.target)) return;
  pressed = { ...inside(event), touch: event.pointerType === "touch", id: event.pointerId };
  if (!pressed.touch || svg.classList.contains("fits")) return;
  pressed.waits = true;
  pressed.timer = setTimeout(() => { pressed.waits = false; mark(pressed.x); }, HOLD_MS);
});
region.addEventListener("pointermove", (event) => {
  const at = inside(event);
  if (!pressed) {
    if (event.pointerType === "touch" || walking) return;
    const one = under(at);
    if (!one) leave();
    else if (one === current) stay();
    else tell(one);
    return;
  }
  const moved = Math.abs(at.x - pressed.x) > DRAG * scale();
  if (pressed.waits) { if (moved) drop(); return; }
  if (!band && !moved) return;
  if (!band) region.setPointerCapture(event.pointerId);
  mark(at.x);
});
region.addEventListener("pointerup", (event) => {
  if (!pressed) return;
  const { days, touch } = pressed;
  drop();
  if (days && days[1] - days[0] > DRAG * scale()) {
    const asking = new URLSearchParams(location.search);
    asking.delete("cursor");
    asking.set("from", dayAt(days[0]));
    asking.set("to", dayAt(days[1]));
    go(`?${asking}`);
  } else if (touch) tell(under(inside(event)));
});
region.addEventListener("pointercancel", drop);
region.addEventListener("touchmove", (event) => { if (band) event.preventDefault(); }, { passive: false });
region.addEventListener("contextmenu", (event) => { if (band) event.preventDefault(); });
region.addEventListener("dblclick", back);
region.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") leave(); });
region.addEventListener("scroll", () => walking || tell(null), { passive: true });
bubble.addEventListener("pointerenter", stay);
bubble.addEventListener("pointerleave", leave);
document.addEventListener("pointerdown", (event) => { if (!drawn.contains(event.target)) tell(null); });

// Keys.

const KEYS = { "+": "closer", "=": "closer", "-": "wider", ArrowLeft: "earlier", ArrowRight: "later" };

// From mark to mark: along the row by time, or to the nearest of the next row.
function walk(key) {
  const rows = [...new Set(all().map((one) => one.row))].sort((a, b) => top(a) - top(b));
  const along = (row) => all().filter((one) => one.row === row).sort((a, b) => a.x - b.x);
  const middle = (one) => one.x + one.width / 2;
  if (!current) return along(rows[0]).at(-1);
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const row = along(current.row);
    return row[row.indexOf(current) + (key === "ArrowLeft" ? -1 : 1)] ?? current;
  }
  const row = rows[rows.indexOf(current.row) + (key === "ArrowUp" ? -1 : 1)];
  if (!row) return current;
  const distance = (one) => Math.abs(middle(one) - middle(current));
  return along(row).reduce((best, one) => (distance(one) < distance(best) ? one : best));
}

const top = (row) => row.getBBox().y;

function point(key) {
  const one = all().length ? walk(key) : null;
  if (!one) return;
  walking = true;
  const box = svg.getBoundingClientRect();
  const frame = region.getBoundingClientRect();
  const x = box.left + one.x / scale();
  if (x < frame.left || x > frame.right) region.scrollBy({ left: x - (frame.left + frame.right) / 2 });
  tell(one);
  spoken.textContent = one.words;
}

function escape() {
  if (pressed) drop();
  else if (current) { tell(null); walking = false; }
  else if (region === document.activeElement) back();
}

region.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = event.key.startsWith("Arrow");
  if (event.key === "Enter" || (walking && arrow)) point(event.key);
  else if (event.key === "0") go(document.querySelector("#bar [data-usual]").href);
  else if (KEYS[event.key]) follow(KEYS[event.key]);
  else return;
  event.preventDefault();
});
region.addEventListener("blur", () => { walking = false; tell(null); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") escape(); });
addEventListener("resize", () => { tell(null); take(); });

take();
