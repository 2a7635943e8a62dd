// Exams: answers are saved as they change, one after the other; the clock is told in words.
const form = document.querySelector("form[data-exam]");
const said = document.getElementById("said");
const clock = document.getElementById("clock");
const WORDS = { empty: "open", incomplete: "not complete", answered: "answered" };

if (form) {
  const note = document.getElementById("saved");
  let changed = false;
  let busy = false;

  const mark = ({ state, flagged }) => {
    const here = document.querySelector('.navigator [aria-current="page"]');
    if (!here) return;
    here.className = `q q-${state}`;
    here.querySelector(".q-word").textContent = `, ${WORDS[state]}${flagged ? ", flagged" : ""}`;
  };

  async function save() {
    if (busy) return;
    busy = true;
    while (changed) {
      changed = false;
      try {
        const body = new FormData(form);
        body.set("act", "save");
        const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
        const kept = await answer.json();
        if (kept.over) { location.href = kept.over; return; }
        note.textContent = `Saved ${kept.saved}`;
        mark(kept);
      } catch {
        note.textContent = "Not saved yet; trying again";
        changed = true;
        await new Promise((done) => setTimeout(done, 4000));
      }
    }
    busy = false;
  }

  let timer;
  const later = (ms) => { changed = true; clearTimeout(timer); timer = setTimeout(save, ms); };
  form.addEventListener("change", () => later(0));
  form.addEventListener("input", (event) => { if (event.target.matches("input:not([type=radio]):not([type=checkbox])")) later(800); });
}

if (clock) {
  const total = Number(clock.dataset.total);
  const end = Date.now() + Number(clock.dataset.left) * 1000;
  const marks = [total / 2, 600, 300, 60].filter((at) => at < total);
  const words = (seconds) => {
    const minutes = Math.floor(seconds / 60);
    if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    return minutes ? `${minutes} min` : `${seconds} s`;
  };
  const box = clock.closest("details");
  try {
    if (localStorage.getItem("exam-clock") === "hidden") box.open = false;
    box.addEventListener("toggle", () => localStorage.setItem("exam-clock", box.open ? "shown" : "hidden"));
  } catch { /* private mode */ }
  let before = Number(clock.dataset.left);
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    clock.textContent = words(left);
    const passed = marks.find((at) => before > at && left <= at);
    if (passed !== undefined) said.textContent = `${words(left)} left.`;
    before = left;
    if (left > 0) setTimeout(tick, left > 90 ? 5000 : 1000);
    else {
      said.textContent = "The time is over; your answers are handed in.";
      setTimeout(() => (form ? form.requestSubmit(form.querySelector('[value="save"]')) : location.reload()), 1500);
    }
  };
  tick();
}
