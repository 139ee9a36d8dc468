// Menus close when one clicks elsewhere or presses Escape; without this they close by their own button.
const menus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
// The key / leads to the search, wherever nobody is typing.
document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  const field = document.querySelector("#find");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || !field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
