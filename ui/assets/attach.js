// Files attached in the conversation: chosen, dropped or pasted; sent as the documents' page sends them; a question waits for them.
(() => {
  const root = document.documentElement, $ = (s, e = document) => e.querySelector(s);
  const place = () => $("#sending .sending"), box = () => $("#box textarea"), inChat = () => root.dataset.page === "chat";
  const INSISTS_MS = 3000;
  let call = null, seen = "", later = 0, held = 0, sending = 0, dropping = 0;

  // ---- what is sent

  function line(name) {
    const item = document.createElement("li"), title = document.createElement("b"), told = document.createElement("span");
    title.textContent = name;
    item.append(title, told);
    $("ul", place()).append(item);
    return (text) => (told.textContent = text);
  }

  // For those who hear the page.
  const say = (text) => ($(".said", place()).textContent = text);

  async function take(files) {
    const words = place().dataset, most = Number(words.most), tokens = [], refused = [];
    if (!files.length) return;
    if (files.length > most) refused.push(words.many);
    sending += 1;
    turn();
    say(words.sending + files.map((file) => file.name).join("、"));
    const lines = files.slice(0, most).map((file) => [file, line(file.name)]);
    for (const [file, told] of lines) {
      try {
        told(words.sending);
        if (file.isFolder) throw new Error(words.folder);
        tokens.push(await window.xiangdao.send(file, (share) => told(`${words.sending} ${share}%`)));
      } catch (error) { refused.push(`${file.name}：${error.message}`); }
    }
    sending -= 1;
    call("apply", { do: "take", tokens, refused });
  }

  // Whether files are on their way or being read: questions wait for them.
  const busy = () => sending > 0 || Boolean($("#attached [data-busy]")) || $("ul", place()).childElementCount > 0;
  const turn = () => root.classList.toggle("attaching", busy());

  // ---- what the server says of them

  function arrived() {
    const mark = $("#attached .attached"), number = mark?.dataset.number || "";
    if (number === seen) return; // Gradio changes what stands there, piece by piece
    seen = number;
    if (!sending) $("ul", place()).replaceChildren();
    if (mark?.dataset.told && !mark.dataset.busy) say(mark.dataset.told);
    clearTimeout(later);
    if (mark?.dataset.busy) later = setTimeout(() => call("apply", { do: "look" }), Number(mark.dataset.busy));
    turn();
    if (busy()) return;
    const waited = held;
    hold(false);
    if (waited && mark && "read" in mark.dataset) return void $("#send").click();
    if (waited) $(".held", place()).textContent = place().dataset.back;
    if (mark && "fresh" in mark.dataset && !box().value.trim()) present();
  }

  // Without a word the file presents itself, once whatever is being answered is done.
  function present() {
    if (root.classList.contains("working")) return void setTimeout(present, 300);
    if ($("#attached [data-fresh]") && !box().value.trim()) call("submit", { silent: true });
  }

  // Whether a question is kept back; who insists later on is not held up, should the server never answer.
  const waits = () => busy() && Boolean(box().value.trim()) && !(held && Date.now() - held > INSISTS_MS);

  function hold(on) {
    held = on ? held || Date.now() : 0;
    $(".held", place()).textContent = on ? place().dataset.held : "";
  }

  // ---- ways in

  const carries = (transfer) => [...(transfer?.types || [])].includes("Files");

  function dropped(transfer) {
    const entries = [...transfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.());
    return [...transfer.files].map((file, n) => (entries[n]?.isDirectory ? { name: file.name, isFolder: true } : file));
  }

  // Office programs put a picture of the words beside the words: then the words are meant.
  function pasted(data) {
    const files = [...(data?.files || [])], text = data?.getData("text/plain").trim();
    if (text && !files.some((file) => text.includes(file.name))) return [];
    return files.map((file) => {
      if (!/^image\.\w+$/.test(file.name)) return file;
      const now = new Date(), two = (n) => String(n).padStart(2, "0");
      const stamp = [now.getMonth() + 1, now.getDate()].map(two).join("") + "-" + [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("");
      return new File([file], `${place().dataset.pasted}-${stamp}${file.name.slice(5)}`, { type: file.type });
    });
  }

  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  document.addEventListener("dragover", (event) => {
    if (!carries(event.dataTransfer) || event.target.closest(".drop")) return;
    event.preventDefault(); // else the browser opens the file in place of the page
    event.dataTransfer.dropEffect = inChat() ? "copy" : "none";
    root.classList.toggle("dropping", inChat());
    clearTimeout(dropping);
    dropping = setTimeout(() => root.classList.remove("dropping"), 200); // it comes again and again as long as the file hovers
  });
  document.addEventListener("drop", (event) => {
    root.classList.remove("dropping");
    if (!carries(event.dataTransfer) || event.target.closest(".drop")) return;
    event.preventDefault();
    if (inChat()) take(dropped(event.dataTransfer));
  });
  document.addEventListener("paste", (event) => {
    const files = inChat() ? pasted(event.clipboardData) : [];
    if (!files.length) return;
    stop(event);
    take(files);
  }, true);
  document.addEventListener("keydown", (event) => {
    const asks = event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === box();
    if (asks && waits()) { stop(event); hold(true); }
  }, true);
  document.addEventListener("click", (event) => {
    if (event.target.closest("#send") && waits()) { stop(event); hold(true); }
    const act = event.target.closest("#attached [data-do]");
    if (!act) return;
    const ends = act.dataset.do === "end";
    if (ends && $("#past .about")) location.hash = "#/new"; // nothing was asked yet: the page speaks of nothing else
    else call("apply", { do: act.dataset.do });
    if (ends) box().focus();
  }, true);

  window.xiangdao.clip = (element, trigger) => {
    call = trigger;
    const input = $("input", place());
    $("button", element).addEventListener("click", () => input.click());
    input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
    new MutationObserver(arrived).observe($("#attached"), { childList: true, subtree: true, attributes: true });
    arrived();
  };
})();
