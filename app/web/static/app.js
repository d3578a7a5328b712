// On every page: lock it when nobody is there. Nothing of a patient is kept in the browser.

const minutes = Number(document.body.dataset.idleMinutes);

if (minutes > 0) {
  let last = Date.now();
  const here = () => { last = Date.now(); };
  for (const kind of ["pointerdown", "keydown", "scroll", "touchstart"]) {
    addEventListener(kind, here, { passive: true });
  }
  const lock = () => {
    if ("locked" in document.body.dataset || Date.now() - last < minutes * 60_000) return;
    document.body.dataset.locked = "";
    const form = document.createElement("form");
    form.method = "post";
    form.action = `/sign-out?next=${encodeURIComponent(location.pathname)}`;
    for (const [name, value] of [["proof", document.body.dataset.proof], ["locked", "1"]]) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.replaceChildren(form);
    form.submit();
  };
  setInterval(lock, 5_000);
  addEventListener("pageshow", lock);
  document.addEventListener("visibilitychange", lock);
}
