// One question at a time, for whoever prefers it. Without this the form is whole and works.

const form = document.getElementById("answers");
const questions = [...form.querySelectorAll(".question")];
const [toggle, back, next, send, place] = ["one-by-one", "back", "next", "send", "place"]
  .map((id) => document.getElementById(id));
const rest = [...form.children].filter((one) => !questions.includes(one) && one.tagName !== "INPUT"
  && !one.contains(send));
let at = -1;

const show = (to) => {
  at = to;
  const single = at >= 0;
  const last = at === questions.length - 1;
  questions.forEach((one, number) => { one.hidden = single && number !== at; });
  rest.forEach((one) => { one.hidden = single && !last; });
  back.hidden = !single || at === 0;
  next.hidden = !single || last;
  send.hidden = single && !last;
  toggle.setAttribute("aria-pressed", String(single));
  place.textContent = single ? `Question ${at + 1} of ${questions.length}` : "";
  if (single) questions[at].querySelector("input").focus();
};

if (questions.length > 1) {
  toggle.hidden = false;
  toggle.addEventListener("click", () => show(at >= 0 ? -1 : 0));
  back.addEventListener("click", () => show(at - 1));
  next.addEventListener("click", () => show(at + 1));
  form.addEventListener("submit", () => { send.disabled = true; });
}
