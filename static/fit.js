// The sheet: the standing follows the answers, and so does the address, so that it can be sent.
const form = document.querySelector("[data-standing]");
const place = document.getElementById("standing");

if (form && place) {
  const update = form.querySelector("[data-update]");
  const said = form.querySelector("[data-said]");
  let latest = 0;
  update.hidden = true;
  form.addEventListener("change", async () => {
    const query = new URLSearchParams(new FormData(form)).toString();
    history.replaceState(null, "", `${location.pathname}?${query}`);
    for (const link of document.querySelectorAll("[data-follows]")) link.search = query;
    const mine = ++latest;
    try {
      const answer = await fetch(`${form.dataset.standing}?${query}`);
      if (!answer.ok) throw new Error(answer.status);
      const html = await answer.text();
      if (mine !== latest) return; // a later answer is on its way
      place.innerHTML = html;
      // A region that is replaced with its text is not read out; one that stays is.
      said.textContent = place.querySelector("[data-headline]").textContent;
      update.hidden = true;
    } catch {
      if (mine === latest) update.hidden = false;
    }
  });
}
