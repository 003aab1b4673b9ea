// What Gradio has no event for: which page is shown, forms, scrolling to a new question, the passage panel's focus, copying.
(() => {
  const root = document.documentElement, $ = (s, e = document) => e.querySelector(s), words = () => $("#splash").dataset;
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let shown = "", opener = null, open = false, call = null, sent = null, quiet = false, later = 0, dirty = false;

  // ---- pages: the path stands behind the # of the address, so that back, forward and a reload work

  const path = () => decodeURI(location.hash.slice(1)) || "/";
  const isChat = (where) => where === "/" || where === "/new" || /^\/(chat|only)\//.test(where);
  const talk = () => $("#chat .exchange:last-of-type")?.dataset.session;

  function turn(action = "", fields = {}, silent = false) {
    const where = path();
    root.dataset.page = isChat(where) ? "chat" : where.split(/[/?]/)[1];
    for (const link of document.querySelectorAll("#nav a")) {
      const here = link.dataset.page === root.dataset.page;
      link.toggleAttribute("aria-current", here);
      if (here) link.setAttribute("aria-current", "page");
    }
    root.classList.remove("menu");
    if (where === "/" || where === "/chat/" + talk()) return; // the conversation is there already
    quiet = silent;
    if (!silent) root.classList.add("waiting");
    if (!action && !silent) scrollTo(0, 0);
    call?.("apply", { where, action, fields });
  }

  function arrived(view) {
    const mark = $(".shown", view);
    if (!mark || mark.dataset.number === sent) return; // Gradio changes what stands there, piece by piece
    sent = mark.dataset.number;
    dirty = false;
    if (!quiet) for (const form of mark.querySelectorAll("form")) form.reset(); // to what the server has just said
    root.classList.remove("waiting");
    if (mark.dataset.path && mark.dataset.path !== path()) {
      history.replaceState(null, "", "#" + mark.dataset.path);
    }
    if (mark.dataset.user !== undefined) {
      document.cookie = `xiangdao_user=${encodeURIComponent(mark.dataset.user)}; path=/; max-age=31536000; samesite=strict`;
      location.href = "#/";
      // leaving ends the streams that are open; Gradio aborting them first would be reported as a fault of the page
      AbortController.prototype.abort = () => {};
      return location.reload();
    }
    clearTimeout(later);
    const again = $("[data-refresh]", mark), where = path();
    if (again) later = setTimeout(() => { if (path() === where && !dirty && !root.classList.contains("waiting")) turn("", {}, true); }, Number(again.dataset.refresh));
    if (mark.dataset.download) Object.assign(document.createElement("a"), { href: mark.dataset.download, download: "" }).click();
    const page = $("[data-title]", mark);
    document.title = page ? `${page.dataset.title} · ${words().name}` : words().title;
    const told = $(".error[role=alert], .good[role=status]", mark) || $("h1", mark);
    if (told && !quiet) { told.tabIndex = -1; told.focus({ preventScroll: true }); if (told.matches("[role]")) told.scrollIntoView({ block: "center" }); }
    for (const part of mark.querySelectorAll("[data-now]")) part.scrollIntoView({ block: "nearest" });
  }

  function gather(form, button) {
    const fields = {};
    const data = new FormData(form);
    if (button?.name) data.append(button.name, button.value);
    for (const [name, value] of data) {
      if (value instanceof File) continue;
      if (name in fields) fields[name] = [].concat(fields[name], value); else fields[name] = value;
    }
    return fields;
  }

  const chosen = (form) => [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  const chosenText = (files) => files.slice(0, 8).map((file) => file.name).join("、") + (files.length > 8 ? ` 等 ${files.length} 个文件` : "");
  const placed = (file) => file.webkitRelativePath || file.name;

  // All that was chosen goes as one batch; of what the server will not take only the name is sent, so that its report tells of it.
  async function upload(form) {
    const files = chosen(form), told = $(".upload-state", form), refused = [];
    const batch = Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
    const endings = $("#f-files", form).accept.split(",");
    if (!files.length) return turn(form.dataset.act, gather(form));
    root.classList.add("waiting");
    let taken = 0, shown = 0;
    for (const [n, file] of files.entries()) {
      const wanted = endings.some((ending) => file.name.toLowerCase().endsWith(ending)) && !/(^|\/)(\.|~\$)/.test(placed(file));
      const tell = (share) => { if (share === 100 && Date.now() - shown < 100) return; shown = Date.now(); told.textContent = `正在传 ${n + 1}／${files.length}：${file.name}（${share}%）`; };
      try {
        await send(wanted ? file : new File([], file.name), tell, { name: placed(file), batch });
        taken += 1;
      } catch (error) { refused.push(`${file.name}：${error.message}`); }
    }
    root.classList.remove("waiting");
    dirty = false;
    if (refused.length) told.textContent = refused.slice(0, 5).join(" ") + (refused.length > 5 ? ` 等 ${refused.length} 个没有收。` : "");
    if (taken) turn(form.dataset.act, { ...gather(form), batch });
  }

  function send(file, progress, asked = { name: file.name }) {
    const { largest, large } = $("#sending .sending").dataset;
    return new Promise((done, failed) => {
      if (file.size > Number(largest)) return failed(new Error(large));
      const request = new XMLHttpRequest();
      request.open("POST", "upload?" + new URLSearchParams(asked));
      request.upload.onprogress = (event) => progress(Math.round((100 * event.loaded) / event.total));
      request.onload = () => (request.status === 200 ? done(request.responseText) : failed(new Error(request.responseText)));
      request.onerror = () => failed(new Error(words().lost));
      request.send(file);
    });
  }

  window.xiangdao = {
    send,
    view(element, trigger) {
      call = trigger;
      element.addEventListener("submit", (event) => {
        event.preventDefault();
        const form = event.target;
        if (root.classList.contains("waiting") || (form.dataset.sure && !confirm(form.dataset.sure))) return;
        if (form.matches("[data-upload]")) return void upload(form);
        const fields = gather(form, event.submitter);
        dirty = false;
        if (form.dataset.go) {
          const query = new URLSearchParams();
          for (const [name, value] of Object.entries(fields)) if (value !== "") query.append(name, value);
          location.hash = form.dataset.go + (String(query) ? "?" + query : "");
        } else turn(form.dataset.act, fields);
      });
      element.addEventListener("change", (event) => {
        if (event.target.closest("form[data-guard]")) dirty = true;
        if (event.target.type === "file") {
          $(".chosen", element).textContent = chosenText(chosen(event.target.form));
          dirty = chosen(event.target.form).length > 0; // a page that is shown anew would forget them
        }
      });
      element.addEventListener("click", (event) => {
        const cite = event.target.closest("[data-n]");
        if (cite) return trigger("select", { exchange: Number(cite.dataset.exchange), n: Number(cite.dataset.n) });
        const ask = event.target.closest("[data-ask]");
        if (ask) { location.hash = "#/"; trigger("submit", { question: ask.dataset.ask }); }
      });
      for (const kind of ["dragover", "dragleave", "drop"]) element.addEventListener(kind, (event) => {
        const drop = event.target.closest(".drop");
        if (!drop) return;
        event.preventDefault();
        drop.classList.toggle("over", kind === "dragover");
        if (kind === "drop") {
          const input = $("input[type=file]", drop);
          input.files = event.dataTransfer.files;
          input.dispatchEvent(new Event("change", { bubbles: true }));
        }
      });
      new MutationObserver(() => arrived(element)).observe(element, { childList: true, subtree: true, attributes: true });
      turn();
    },
  };

  addEventListener("hashchange", () => turn());
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  addEventListener("unhandledrejection", (event) => { // Gradio's stream, cut off where the page is left
    if (event.reason?.name === "AbortError") event.preventDefault();
  });

  // ---- the conversation

  function changed() {
    const newest = $("#live .exchange");
    const number = newest ? newest.dataset.number : "";
    if (newest?.dataset.session && path() === "/") {
      history.replaceState(null, "", "#/chat/" + newest.dataset.session); // a reload comes back to this conversation
    }
    if (number !== shown) {
      shown = number;
      if (matchMedia("(pointer: coarse)").matches) document.activeElement?.blur(); // puts a phone's keyboard away
      if (newest) newest.scrollIntoView({ block: "start", behavior: reduced ? "auto" : "smooth" });
    }
    root.classList.toggle("reading", Boolean($("#panel .passage")));
    root.classList.toggle("working", newest?.dataset.state === "working");
    root.classList.toggle("talking", Boolean($("#chat .exchange")));
  }

  function watch() {
    const live = $("#live"), panel = $("#panel"), past = $("#past");
    if (!live || !panel || !past) return void setTimeout(watch, 20);
    root.classList.add("ready");
    const everything = { childList: true, subtree: true, attributes: true };
    new MutationObserver(changed).observe(live, everything);
    new MutationObserver(() => { root.classList.remove("waiting"); changed(); }).observe(past, everything);
    new MutationObserver(() => {
      changed();
      const heading = $("h2", panel), closed = open && !heading;
      open = Boolean(heading);
      if (heading) {
        $(".passage", panel).scrollTop = 0;
        heading.focus({ preventScroll: true });
        $("mark", panel)?.scrollIntoView({ block: "nearest" });
      } else if (closed && opener?.isConnected) opener.focus({ preventScroll: true });
    }).observe(panel, { childList: true, subtree: true, characterData: true });
    const name = decodeURIComponent((document.cookie.match(/xiangdao_user=([^;]*)/) || [])[1] || "");
    if (name && $("#who")) $("#who").textContent = name;
  }

  document.addEventListener("click", async (event) => {
    const cite = event.target.closest(".cite");
    if (cite) opener = cite;
    if (event.target.closest("[data-menu]")) root.classList.toggle("menu");
    else if (!event.target.closest("#nav")) root.classList.remove("menu");
    const home = event.target.closest("a[href='#/']");
    if (home && talk()) { event.preventDefault(); location.hash = "#/chat/" + talk(); }
    const scheme = event.target.closest("[data-scheme]");
    if (scheme) paint(scheme.dataset.scheme);
    const copy = event.target.closest(".copy");
    if (!copy) return;
    const reply = $(".reply", copy.closest(".exchange")).cloneNode(true);
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
    if (event.key !== "Escape") return;
    root.classList.remove("menu");
    $("#panel [data-close]")?.click();
  });

  // ---- light and dark

  function paint(scheme) {
    if (scheme === "auto") delete root.dataset.scheme; else root.dataset.scheme = scheme;
    try { localStorage.setItem("xiangdao_scheme", scheme); } catch { /* private window: for this visit only */ }
  }
  try { paint(localStorage.getItem("xiangdao_scheme") || "auto"); } catch { /* as the system has it */ }

  // Gradio's own messages are about the connection, in English only.
  new MutationObserver(() => {
    for (const [part, text] of [[".toast-title", words().lostTitle], [".toast-message-text", words().lost]])
      for (const shown of document.querySelectorAll(part)) if (shown.textContent !== text) shown.textContent = text;
    for (const close of document.querySelectorAll(".toast-close[aria-label=Close]")) close.ariaLabel = "关闭";
    if ($(".toast-title")) root.classList.remove("waiting");
  }).observe(document.body, { childList: true, subtree: true });

  watch();
})();
