// Copy buttons: what stands in the box beside goes to the clipboard; without this it is selected by hand.
for (const button of navigator.clipboard ? document.querySelectorAll(".copy") : []) {
  const box = button.closest(".paste");
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(box.querySelector("code").textContent);
    box.querySelector(".copied").textContent = button.dataset.copied;
  });
}
