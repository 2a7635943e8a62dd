// The sheet: the standing follows the answers, and the address too, so that it can be sent.
const form = document.querySelector("[data-standing]");
const place = document.getElementById("standing");

if (form && place) {
  form.querySelector("[data-update]")?.setAttribute("hidden", "");
  let latest = 0;
  form.addEventListener("change", async () => {
    const query = new URLSearchParams(new FormData(form)).toString();
    history.replaceState(null, "", `${location.pathname}?${query}`);
    const mine = ++latest;
    try {
      const answer = await fetch(`${form.dataset.standing}?${query}`);
      const html = await answer.text();
      if (answer.ok && mine === latest) place.innerHTML = html;
    } catch {
      form.querySelector("[data-update]")?.removeAttribute("hidden");
    }
  });
}
