// What Gradio has no event for: scrolling to a new question, the passage panel's focus and Escape, copying an answer.
(() => {
  let shown = "", opener = null, open = false;
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;

  function changed() {
    const newest = document.querySelector("#live .exchange");
    const number = newest ? newest.dataset.number : "";
    if (number !== shown) {
      shown = number;
      if (matchMedia("(pointer: coarse)").matches) document.activeElement?.blur(); // puts a phone's keyboard away
      if (newest) newest.scrollIntoView({ block: "start", behavior: reduced ? "auto" : "smooth" });
    }
    const passage = document.querySelector("#panel .passage");
    document.documentElement.classList.toggle("reading", Boolean(passage));
    document.documentElement.classList.toggle("talking", Boolean(newest));
  }

  function watch() {
    const live = document.querySelector("#live"), panel = document.querySelector("#panel");
    if (!live || !panel) return void setTimeout(watch, 50);
    document.documentElement.classList.add("ready");
    new MutationObserver(changed).observe(live, { childList: true, subtree: true, attributes: true });
    new MutationObserver(() => {
      changed();
      const heading = panel.querySelector("h2");
      const closed = open && !heading;
      open = Boolean(heading);
      if (heading) {
        panel.querySelector(".passage").scrollTop = 0;
        heading.focus({ preventScroll: true });
        const marked = panel.querySelector("mark");
        if (marked) marked.scrollIntoView({ block: "nearest" });
      } else if (closed && opener && opener.isConnected) {
        opener.focus({ preventScroll: true });
      }
    }).observe(panel, { childList: true, subtree: true, characterData: true });
  }

  document.addEventListener("click", async (event) => {
    const cite = event.target.closest(".cite");
    if (cite) opener = cite;
    const copy = event.target.closest(".copy");
    if (!copy) return;
    const reply = copy.closest(".exchange").querySelector(".reply").cloneNode(true);
    reply.querySelectorAll(".cite").forEach((n) => (n.textContent = `[${n.textContent}]`));
    reply.style.cssText = "position:fixed;left:-9999px;width:600px";
    document.body.append(reply);
    const text = reply.innerText.replace(/\n{3,}/g, "\n\n").trim();
    reply.remove();
    await navigator.clipboard.writeText(text);
    const label = copy.textContent;
    copy.textContent = copy.dataset.copied;
    setTimeout(() => (copy.textContent = label), 1500);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelector("#panel [data-close]")?.click();
  });

  // Gradio's own messages are about the connection, in English only.
  new MutationObserver(() => {
    const words = document.querySelector("#splash").dataset;
    for (const [part, text] of [[".toast-title", words.lostTitle], [".toast-message-text", words.lost]])
      for (const shown of document.querySelectorAll(part)) if (shown.textContent !== text) shown.textContent = text;
    for (const close of document.querySelectorAll(".toast-close[aria-label=Close]")) close.ariaLabel = "关闭";
  }).observe(document.body, { childList: true, subtree: true });

  watch();
})();
