// Takes words that are marked in the answer over into the field for the quote. Without this file they are pasted.
const answer = document.getElementById("answer");
let marked = "";
document.addEventListener("selectionchange", () => {
  const selection = document.getSelection();
  if (selection.isCollapsed || !answer.contains(selection.anchorNode) || !answer.contains(selection.focusNode)) return;
  const range = selection.getRangeAt(0).cloneContents();
  range.querySelectorAll("sup").forEach((number) => number.remove());
  marked = range.textContent.replace(/\s+/g, " ").trim();
});
for (const place of document.querySelectorAll("[data-take]")) {
  place.hidden = false;
  place.firstElementChild.addEventListener("click", () => {
    const field = document.getElementById(place.dataset.take);
    if (marked) field.value = marked;
    field.focus();
  });
}
