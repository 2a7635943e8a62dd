// Practice: the drawing selects what the list offers, and focus follows the result.
const drawn = () => document.querySelectorAll(".spot-plate [data-subject]");
const input = (id) => document.querySelector(`.task input[name="answer"][value="${CSS.escape(id)}"]`);

function outline() {
  drawn().forEach((shape) => shape.classList.toggle("picked", Boolean(input(shape.dataset.subject)?.checked)));
}

drawn().forEach((shape) => {
  if (!input(shape.dataset.subject)) return;
  shape.classList.add("spot");
  shape.addEventListener("click", () => {
    const field = input(shape.dataset.subject);
    if (!field) return;
    field.click();
    field.focus({ preventScroll: true });
    outline();
  });
});

document.addEventListener("change", (event) => { if (event.target.name === "answer") outline(); });
document.addEventListener("htmx:afterSettle", () => {
  const result = document.getElementById("result");
  const said = document.getElementById("said");
  const moved = document.querySelector("[data-moved]");
  const move = document.getElementById("move");
  if (moved) (moved.disabled ? moved.parentElement.querySelector("button:enabled") : moved).focus();
  else if (result) result.focus();
  else if (move) document.getElementById("answer").focus();
  if ((result || move) && said) said.textContent = (result || move).dataset.said || "";
  outline();
});
outline();
