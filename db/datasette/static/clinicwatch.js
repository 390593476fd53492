// Everything here is a convenience: every page works without it.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
  const field = document.querySelector('form[role="search"] input[type="search"], input.words');
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});

document.querySelectorAll("select[data-submit]").forEach((select) => {
  select.addEventListener("change", () => select.form.requestSubmit());
});
