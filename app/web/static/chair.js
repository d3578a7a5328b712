// The chair: what is entered leaves at once, what others enter appears, and what could not be sent
// waits in this page's memory and nowhere else.

const chair = document.getElementById("chair");
const id = chair.dataset.chair;
const proof = document.body.dataset.proof;

let mark = Number(chair.dataset.mark);
let ahead = 0; // of the server's clock over this one, in milliseconds
const setClock = (now) => { ahead = Date.parse(now) - Date.now(); };
setClock(chair.dataset.now);
const now = () => Date.now() + ahead;

// --- what the page says -------------------------------------------------------------------------

const lost = document.getElementById("lost");
const said = document.getElementById("said");
const unsent = []; // entries that wait for the connection, oldest first
let connected = true;

function sayLost(text = "") {
  const waiting = unsent.length === 1 ? "One entry is kept here and will be sent." : unsent.length
    ? `${unsent.length} entries are kept here and will be sent.` : "";
  const words = text || (connected && !unsent.length ? "" : `The connection is lost. ${waiting}`);
  if (lost.textContent !== words) lost.textContent = words;
  lost.hidden = !words;
}

const alarms = () => new Set([...document.querySelectorAll("#warnings .alarm")].map((one) => one.dataset.rule));

function say(text) {
  said.textContent = text;
  said.hidden = !text;
}

// --- parts of the page, made anew by the server --------------------------------------------------

const controls = (part) => [...part.querySelectorAll("input:not([type=hidden]),select,textarea")];
const isTouched = (one) => one.type === "checkbox" || one.type === "radio"
  ? one.checked !== one.defaultChecked
  : one.tagName === "SELECT" ? [...one.options].some((o) => o.selected !== o.defaultSelected)
    : one.value !== one.defaultValue;

const shown = new Map(); // the part's HTML as the server last made it, by its id

function swap(part, html) {
  if (shown.get(part.id) === html) return;
  shown.set(part.id, html);
  const typed = controls(part).filter((one) => one.id && isTouched(one))
    .map((one) => [one.id, one.type === "checkbox" || one.type === "radio" ? one.checked : one.value]);
  const filled = [...part.querySelectorAll("form[id]")].filter((one) => controls(one).some(isTouched));
  const kept = filled.map((one) => [one.getAttribute("id"), one.querySelector("input[name=version]"), one.querySelector("[data-wrong]")]);
  const open = [...part.querySelectorAll("details[id]")].map((one) => [one.id, one.open]);
  const active = part.contains(document.activeElement) ? document.activeElement : null;
  const [focused, caret] = [active?.id, active?.selectionStart];
  part.innerHTML = html;
  for (const [name, isOpen] of open) {
    const there = document.getElementById(name);
    if (there) there.open = isOpen;
  }
  for (const [name, value] of typed) {
    const there = document.getElementById(name);
    if (there) there[typeof value === "boolean" ? "checked" : "value"] = value;
  }
  for (const [name, version, wrong] of kept) {
    const form = document.getElementById(name);
    if (wrong && !wrong.hidden) form?.querySelector("[data-wrong]")?.replaceWith(wrong);
    const fresh = form?.querySelector("input[name=version]");
    if (!fresh) continue;
    // Whoever is correcting corrects what they saw, until they are told that it has changed.
    fresh.dataset.fresh = fresh.value;
    if (!("told" in version.dataset)) fresh.value = version.value;
  }
  const again = focused && document.getElementById(focused);
  if (again) {
    again.focus({ preventScroll: true });
    if (caret !== null && caret !== undefined && again.setSelectionRange) again.setSelectionRange(caret, caret);
  }
}

let fetching = null;
let fetchAgain = false;

async function refresh() {
  if (fetching) { fetchAgain = true; return fetching; }
  fetching = fetchState();
  try { await fetching; } finally { fetching = null; }
  if (fetchAgain) { fetchAgain = false; await refresh(); }
}

async function fetchState() {
  let answer;
  try {
    answer = await fetch(`/chair/${id}/state`, { headers: { "X-Form-Proof": proof } });
  } catch {
    return;
  }
  if (answer.status === 401) { signedOut(); return; }
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("fresh");
  mark = Math.max(mark, Number(fresh.dataset.mark));
  setClock(fresh.dataset.now);
  document.getElementById("reading-planned_minute")?.setAttribute("value", fresh.dataset.plannedMinute);
  for (const part of fresh.querySelectorAll("template")) {
    const here = document.getElementById(part.dataset.for);
    if (here) swap(here, part.innerHTML);
  }
  tick();
}

function signedOut() {
  if ("locked" in document.body.dataset) return; // app.js is about to leave this page
  if (!unsent.length) { location.reload(); return; }
  sayLost("You were signed out. What is below was not stored: note it down, then open the page anew.");
}

// --- sending -------------------------------------------------------------------------------------

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20].reduceRight((text, at) => `${text.slice(0, at)}-${text.slice(at)}`, hex);
}

function entryOf(form, button) {
  const fields = new URLSearchParams(new FormData(form, button));
  fields.delete("proof");
  if (fields.has("at")) fields.set("at", new Date(now()).toISOString());
  const own = form.querySelector("input[name=id]");
  if (!fields.get("id")) fields.set("id", newId());
  if (own && !own.hasAttribute("data-kept")) own.value = newId();
  const name = form.getAttribute("id"); // form.id would be the field of that name
  return { url: form.action, body: fields.toString(), form: name, words: wordsOf(name, fields) };
}

function wordsOf(name, fields) {
  if (name !== "reading") return "Saved.";
  if (fields.get("not_done")) return "Saved: not done.";
  const pressure = [fields.get("systolic_mmhg"), fields.get("diastolic_mmhg")].filter(Boolean).join("/");
  const others = [["heart_rate_bpm", "pulse"], ["spo2_percent", "SpO₂"], ["sedation_moaas", "MOAA/S"]]
    .map(([field, word]) => fields.get(field) && `${word} ${fields.get(field)}`);
  return `Saved: ${[pressure, ...others].filter(Boolean).join(", ")}.`;
}

// Whether the entry reached the server, which took it or refused it for good.
async function post(entry) {
  const headers = {
    "X-Form-Proof": proof,
    Accept: "application/json",
    "Content-Type": "application/x-www-form-urlencoded",
  };
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), 10_000);
  try {
    const answer = await fetch(entry.url, { method: "POST", headers, body: entry.body, signal: timeout.signal });
    if (answer.status >= 500 || answer.status === 429) return null;
    if (answer.status === 401) return { signedOut: true };
    return await answer.json().catch(() => ({ ok: false, detail: "It could not be stored." }));
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

async function send(entry) {
  const answer = unsent.length && !unsent.includes(entry) ? null : await post(entry);
  if (answer === null || answer.signedOut) {
    if (!unsent.includes(entry)) unsent.push(entry);
    if (answer?.signedOut) signedOut(); else { connected = false; sayLost(); retryLater(); }
    return false;
  }
  if (unsent.includes(entry)) unsent.splice(unsent.indexOf(entry), 1);
  connected = true;
  sayLost();
  show(entry, answer);
  const before = alarms();
  await refresh();
  if ([...alarms()].some((rule) => !before.has(rule))) chair.scrollIntoView({ block: "start" });
  return true;
}

let retrying = 0;

function retryLater() {
  clearTimeout(retrying);
  retrying = setTimeout(async () => {
    while (unsent.length && await send(unsent[0])) { /* the next one */ }
  }, 1_500);
}

function show(entry, answer) {
  const form = document.getElementById(entry.form);
  const box = form?.querySelector("[data-wrong]") ?? form?.closest("[data-part]")?.querySelector("[data-wrong]");
  for (const one of form?.querySelectorAll("[aria-invalid]") ?? []) one.removeAttribute("aria-invalid");
  if (answer.ok) {
    if (box) box.hidden = true;
    const filled = form?.dataset.closes && document.getElementById(form.dataset.closes);
    if (filled) filled.open = false;
    say(entry.words);
    return;
  }
  const version = form?.querySelector("input[name=version]");
  if (version) {
    version.dataset.told = "";
    version.value = version.dataset.fresh ?? version.value;
  }
  say("");
  const errors = answer.errors ?? [];
  const lines = [answer.detail || answer.title, ...errors.map((one) => `${one.name} ${one.detail}`)];
  if (box) {
    box.replaceChildren(...lines.map((text) => Object.assign(document.createElement("div"), { textContent: text })));
    box.hidden = false;
  } else sayLost(lines.join(" "));
  restore(form, entry, errors);
  for (const rule of answer.rules ?? []) {
    const why = document.getElementById(`why-${rule}`);
    if (why) why.open = true;
  }
}

// What was typed stands in the form again, unless somebody has typed there since.
function restore(form, entry, errors) {
  if (!form || controls(form).some(isTouched)) return;
  const fields = new URLSearchParams(entry.body);
  for (const one of controls(form)) {
    if (!fields.has(one.name)) continue;
    if (one.type === "radio" || one.type === "checkbox") one.checked = one.value === fields.get(one.name);
    else one.value = fields.get(one.name);
  }
  const first = errors.map((one) => form.querySelector(`[name="${CSS.escape(one.field)}"]`)).find(Boolean);
  first?.setAttribute("aria-invalid", "true");
  first?.focus();
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-send]")) return;
  event.preventDefault();
  const entry = entryOf(form, event.submitter);
  document.activeElement?.blur();
  form.reset();
  for (const one of form.querySelectorAll("details[open]")) one.open = false;
  send(entry);
});

addEventListener("beforeunload", (event) => { if (unsent.length) event.preventDefault(); });

// --- from field to field with one thumb ----------------------------------------------------------

const reading = document.getElementById("reading");

function onward(field) {
  const fields = [...reading.querySelectorAll(".big-field input")];
  const next = fields[fields.indexOf(field) + 1];
  if (next) { next.focus(); next.select(); } else reading.querySelector("[name=sedation_moaas]").focus();
}

addEventListener("input", (event) => {
  const box = event.target.form?.querySelector("[data-wrong]");
  if (box) box.hidden = true;
  event.target.removeAttribute("aria-invalid");
});

reading?.addEventListener("input", (event) => {
  const field = event.target;
  // Another digit could only make it impossible: the value is complete.
  const value = /^\d+$/.test(field.value) ? Number(field.value) : 0;
  if (field.dataset.most && value && value * 10 > Number(field.dataset.most) && value >= Number(field.dataset.least)) {
    onward(field);
  }
});

reading?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.dataset.most) return;
  event.preventDefault();
  onward(event.target);
});

// --- what moves by itself ------------------------------------------------------------------------

function tick() {
  const due = document.getElementById("countdown");
  if (due) {
    const left = Math.round((Date.parse(due.dataset.due) - now()) / 1000);
    const length = `${Math.floor(Math.abs(left) / 60)}:${String(Math.abs(left) % 60).padStart(2, "0")}`;
    due.textContent = Math.abs(left) > 5400 ? due.textContent : left >= 0 ? `in ${length}` : `late by ${length}`;
    due.classList.toggle("late", left < 0);
  }
  const given = document.getElementById("given");
  if (given) {
    const { given: so, rate, planned, asOf } = given.dataset;
    const mg = Number(so) + Number(rate) * (now() - Date.parse(asOf)) / 60_000;
    given.textContent = (planned ? Math.min(mg, Number(planned)) : mg).toFixed(1);
  }
}

setInterval(tick, 1_000);
tick();

// --- news of the other devices --------------------------------------------------------------------

let news = null;
let heard = Date.now();

function listen() {
  news?.close();
  news = null;
  if (document.hidden) return;
  heard = Date.now();
  const source = new EventSource(`/chair/${id}/events`);
  news = source;
  const hear = (event) => {
    heard = Date.now();
    if (!connected) { connected = true; sayLost(); retryLater(); }
    if (Number(event.data) > mark) refresh();
  };
  source.addEventListener("beat", hear);
  source.addEventListener("changed", hear);
  source.addEventListener("error", () => { if (news === source) breakOff(); });
}

function breakOff() {
  news?.close();
  news = null;
  connected = false;
  sayLost();
  refresh(); // tells whether the session has ended
  setTimeout(() => { if (!news) listen(); }, 2_000);
}

setInterval(() => { if (news && Date.now() - heard > 12_000) breakOff(); }, 2_000);
setInterval(() => { if (!document.hidden) refresh(); }, 60_000);
document.addEventListener("visibilitychange", () => { listen(); if (!document.hidden) refresh(); });
addEventListener("online", () => { listen(); retryLater(); });
addEventListener("offline", breakOff);
listen();
