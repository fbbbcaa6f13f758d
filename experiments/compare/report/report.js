for (const figure of document.querySelectorAll(".map")) {
  const told = figure.querySelector(".told");
  const tell = event => { const title = event.target.closest(".area")?.querySelector("title"); if (title) told.textContent = title.textContent; };
  figure.addEventListener("pointerover", tell);
  figure.addEventListener("click", tell);
}
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(one => one.open = true));
