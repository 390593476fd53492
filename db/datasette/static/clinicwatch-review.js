// Review: keys, and decisions that are stored before the next document shows. Without scripts its buttons are plain forms.
(() => {
  const review = document.getElementById("review");
  const status = document.getElementById("review-status");
  const help = document.getElementById("review-help");
  if (!review) return;
  let busy = false;
  let seen = 0; // milliseconds that this question was in sight
  let since = performance.now();

  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const say = (text) => { status.textContent = text; status.hidden = !text; };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) seen += performance.now() - since;
    since = performance.now();
  });

  function shown() {
    seen = 0;
    since = performance.now();
    const mark = review.querySelector("mark[data-active]");
    if (mark) mark.scrollIntoView({ block: "center" });
    document.title = (review.querySelector("h1")?.textContent || "Review") + " · clinicwatch";
  }

  function show(answer, text, push) {
    const before = review.querySelector("[data-document]")?.dataset.document;
    review.innerHTML = text;
    touched = "";
    const url = answer.headers.get("X-Review-Url");
    if (push && url) history.pushState(null, "", url);
    if (review.querySelector("[data-document]")?.dataset.document !== before) window.scrollTo(0, 0);
    shown();
  }

  // The name of the decision goes with it: a request that is sent again is stored once.
  async function request(url, options) {
    for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
      try {
        const answer = await fetch(url, { ...options, headers: { "X-Review": "1" }, credentials: "same-origin", redirect: "manual" });
        if (answer.status < 500) return answer;
      } catch { /* the server is away: try again */ }
      say("Not stored yet: the server does not answer. Trying again…");
      await wait(pause);
    }
  }

  async function go(url, options, push) {
    if (busy) return;
    busy = true;
    review.setAttribute("aria-busy", "true");
    try {
      const answer = await request(url, options);
      const text = await answer.text();
      if (answer.ok) { say(""); show(answer, text, push); }
      else if (answer.status === 400) say(text);
      else say("Not stored: you are signed out, or this page is old. Open it again and sign in.");
    } finally {
      busy = false;
      review.removeAttribute("aria-busy");
    }
  }

  review.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-review]");
    if (!form) return;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form));
    const button = event.submitter;
    if (button?.name) fields.append(button.name, button.value);
    const seconds = seen + (document.hidden ? 0 : performance.now() - since);
    if (fields.has("seconds")) fields.set("seconds", (seconds / 1000).toFixed(2));
    go(form.action, { method: "POST", body: fields }, true);
  });

  function openNote() {
    const note = review.querySelector(".notes details");
    if (!note) return;
    note.open = true;
    note.querySelector("textarea").focus();
  }

  // Marking: the sentence that is chosen in the list is shown in the text; words selected in the text choose theirs.
  function sentences() { return review.querySelector("[data-marking] select[data-sentences]"); }
  let touched = ""; // the code of the form of a page that was answered last: a sentence is first offered to it
  function openMarking(words) {
    const list = sentences();
    if (!list) return;
    list.closest("details").open = true;
    const wanted = (words || "").replace(/\s+/g, " ").trim();
    const option = wanted && [...list.options].find((one) => one.dataset.whole?.includes(wanted) || one.text.includes(wanted.slice(0, 60)));
    if (option) option.selected = true;
    else if (list.selectedIndex < 0) list.selectedIndex = 0;
    const code = list.closest("details").querySelector("[data-of-code]");
    const here = review.querySelector("fieldset.here");
    if (here && !code.value) code.value = review.querySelector(`fieldset[data-code="${CSS.escape(touched)}"]`) ? touched : here.dataset.code;
    (wanted ? code : list).focus();
    showSentence(list);
  }
  function showSentence(list) {
    const words = list.selectedOptions[0]?.text.replace(/\.{3}$/, "").slice(0, 60);
    for (const line of review.querySelectorAll(".text .is-chosen")) line.classList.remove("is-chosen");
    const line = words && [...review.querySelectorAll(".text p, .text h2")].find((one) => one.textContent.replace(/\s+/g, " ").includes(words));
    line?.classList.add("is-chosen");
    line?.scrollIntoView({ block: "center" });
  }
  // In the form of a page the chosen sentence goes to a code's answer, and is stored with it.
  function attach() {
    const list = sentences(), code = list.closest("details").querySelector("[data-of-code]");
    const field = code.value && review.querySelector(`fieldset[data-code="${CSS.escape(code.value)}"]`);
    const option = list.selectedOptions[0];
    if (!field || !option) { say("Choose a sentence, and the code whose answer rests on it."); return; }
    field.querySelector(".rests")?.remove();
    const line = document.createElement("p"), label = document.createElement("label"), quote = document.createElement("q");
    line.className = "rests";
    for (const [type, value] of [["hidden", ""], ["checkbox", option.value]]) {
      const box = Object.assign(document.createElement("input"), { type, name: `s:${code.value}`, value, checked: true });
      (type === "hidden" ? line : label).append(box);
    }
    quote.textContent = option.text;
    label.append(" rests on ", quote);
    line.append(label);
    field.append(line);
    code.value = "";
    list.closest("details").open = false;
    say("");
    field.scrollIntoView({ block: "center" });
    (field.querySelector("input:checked:not(.rests input)") || field.querySelector("input[type=radio], input[type=checkbox]")).focus();
  }
  review.addEventListener("change", (event) => {
    if (event.target.matches("[data-sentences]")) showSentence(event.target);
    touched = event.target.closest("fieldset[data-code]")?.dataset.code || touched;
  });
  review.addEventListener("mouseup", (event) => {
    const words = getSelection().toString();
    if (words.trim().length > 3 && event.target.closest(".text")) openMarking(words);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-go]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      go(link.href, {}, true);
    }
    if (event.target.closest("[data-attach]")) attach();
    if (event.target.closest("[data-note]")) openNote();
    if (event.target.closest("[data-help]")) help.showModal();
  });

  const MARKS = { Minus: "-", Equal: "=", Semicolon: ";" };
  const named = (attribute, key) => [...review.querySelectorAll(`[${attribute}]`)].find((one) => one.getAttribute(attribute) === key);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".resting select")) { event.preventDefault(); attach(); return; }
    // at a button of the form of a page, which the arrow keys move, the keys that leave its choices as they are
    const choosing = event.target.matches("input[type=radio]") && "za?".includes(event.key);
    const typing = choosing ? null : event.target.closest("textarea, select, input:not([type=checkbox])");
    if (typing && event.key === "Escape") typing.blur();
    if (typing?.matches("textarea") && event.key === "Enter" && event.ctrlKey) typing.form.requestSubmit();
    if (typing || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat || help.open) return;
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    const jump = event.shiftKey && (MARKS[event.code] || /^(?:Key|Digit)(.)$/.exec(event.code)?.[1].toLowerCase());
    const target = named("data-key", event.key) || (jump && named("data-jump", jump));
    if (!target) return;
    event.preventDefault();
    if (target.dataset.key === "a" && target.matches("summary")) openMarking(getSelection().toString());
    else if (target.matches("[data-regions] summary")) target.parentElement.open = !target.parentElement.open;
    else if (!busy) target.click();
  });

  window.addEventListener("popstate", () => go(location.href, {}, false));
  window.addEventListener("beforeunload", (event) => { if (busy) event.preventDefault(); });
  shown();
})();
