// Ticks of the checklists, kept in this browser alone. Without script the lists still go into
// the files, because each is a form.
const key = "checklists";
let done;
try { done = new Set(JSON.parse(localStorage.getItem(key)) ?? []); } catch { done = new Set(); }

for (const form of document.querySelectorAll("[data-ticks]")) {
  const boxes = [...form.querySelectorAll("input[name=done]")];
  const count = form.querySelector("[data-ticked]");
  const clear = form.querySelector("[data-untick]");
  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    count.textContent = ticked ? `${ticked} of ${boxes.length} ticked` : "";
    clear.hidden = !ticked;
  };
  const keep = () => {
    for (const box of boxes) done[box.checked ? "add" : "delete"](box.value);
    try { localStorage.setItem(key, JSON.stringify([...done])); } catch { /* private mode */ }
    show();
  };
  for (const box of boxes) box.checked = done.has(box.value);
  form.addEventListener("change", keep);
  clear.addEventListener("click", () => { for (const box of boxes) box.checked = false; keep(); boxes[0].focus(); });
  show();
}
