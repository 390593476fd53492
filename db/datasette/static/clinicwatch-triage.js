// Triage: keys on the list, and marks that are stored without loading the page. Without scripts its buttons are plain forms.
(() => {
  const status = document.getElementById("triage-status");
  const help = document.getElementById("triage-help");
  const say = (text) => { if (status) { status.textContent = text; status.hidden = !text; } };
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  let waiting = 0;

  // The name of the decision goes with it: a request that is sent again is stored once.
  async function send(url, body) {
    for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
      try {
        const answer = await fetch(url, { method: "POST", body, headers: { "X-Review": "1" }, credentials: "same-origin", redirect: "manual" });
        if (answer.status < 500) return answer;
      } catch { /* the server is away: try again */ }
      say("Not stored yet: the server does not answer. Trying again…");
      await wait(pause);
    }
  }

  function show(answer, text) {
    // the form that takes back stays on the page: its next request is another decision
    const next = document.querySelector("#triage-undo [name=decision]");
    if (next) next.value = `${answer.headers.get("X-Decision")}u`;
    const here = document.querySelector(`[data-triage="${answer.headers.get("X-Change")}"]`);
    if (!here) { say("Taken back, on a change that is not on this page."); setTimeout(() => say(""), 3000); return; }
    here.outerHTML = text;
    const item = document.querySelector(`[data-triage="${answer.headers.get("X-Change")}"]`).closest("li[data-change]");
    if (item) choose(item);
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-triage-form]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    waiting += 1;
    const fields = new URLSearchParams(new FormData(form));
    if (event.submitter?.name) fields.append(event.submitter.name, event.submitter.value);
    try {
      const answer = await send(form.action, fields);
      const text = await answer.text();
      if (answer.ok) { say(""); show(answer, text); }
      else if (answer.status === 400) say(text);
      else say("Not stored: you are signed out, or this page is old. Open it again and sign in.");
    } finally {
      waiting -= 1;
      delete form.dataset.busy;
    }
  });

  const items = () => [...document.querySelectorAll("li[data-change]")];
  const chosen = () => document.querySelector("li[data-change].is-here");
  function choose(item) {
    for (const one of items()) one.classList.toggle("is-here", one === item);
    if (!item) return;
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  }
  function move(by) {
    const all = items();
    if (all.length) choose(all[Math.max(0, Math.min(all.length - 1, all.indexOf(chosen()) + by))]);
  }
  document.addEventListener("click", (event) => {
    const item = event.target.closest("li[data-change]");
    if (item) for (const one of items()) one.classList.toggle("is-here", one === item);
    if (event.target.closest("[data-help]")) help?.showModal();
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("textarea, select, input");
    if (typing && event.key === "Escape") typing.blur();
    if (typing?.matches("textarea") && event.key === "Enter" && event.ctrlKey) typing.form.requestSubmit();
    if (typing || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat || help?.open) return;
    if (event.key === "j" || event.key === "k") { event.preventDefault(); move(event.key === "j" ? 1 : -1); return; }
    if (event.key === "?" && help) { event.preventDefault(); help.showModal(); return; }
    if (event.key === "u") { event.preventDefault(); document.getElementById("triage-undo")?.requestSubmit(); return; }
    const item = items().length ? chosen() : document;
    if (!item) return;
    if (event.key === "o" && item !== document) { item.querySelector("h2 a")?.click(); return; }
    const target = [...item.querySelectorAll("[data-triage] [data-key]")].find((one) => one.dataset.key === event.key);
    if (!target) return;
    event.preventDefault();
    if (target.matches("summary")) {
      target.parentElement.open = true;
      target.parentElement.querySelector("textarea").focus();
    } else target.click();
  });
  window.addEventListener("beforeunload", (event) => { if (waiting) event.preventDefault(); });
})();
