// The chat page: one stream of events in, one queue of messages out. What is shown is what the gateway has stored.
"use strict";

(() => {
  const texts = JSON.parse(document.body.dataset.texts);
  const errors = JSON.parse(document.body.dataset.errors);
  const byId = (id) => document.getElementById(id);
  const [log, lines, typing, notice, form, text, newest] =
    ["log", "lines", "typing", "notice", "form", "text", "newest"].map(byId);
  const { make, plain, rich } = words;

  // ---- lines of the conversation ----
  const shown = new Map(); // id of an entry → its element
  let last = 0; // highest number shown; the stream goes on behind it
  let lastMoment = 0;

  let following = true; // the reader is at the end and stays there, whatever grows or shrinks
  const atBottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  function toBottom() {
    following = true;
    log.scrollTop = log.scrollHeight;
    newest.hidden = true;
  }
  const keepUp = () => { if (following) toBottom(); };

  // A reader at the end goes on reading at the top of what is new; a long notice must not rush past.
  function addLine(node, mine) {
    const follow = mine || following;
    lines.append(node);
    if (!follow) {
      newest.hidden = false;
      return;
    }
    toBottom();
    if (node.offsetHeight > log.clientHeight - 40) {
      following = false;
      log.scrollTop = node.offsetTop - 16;
      newest.hidden = false;
    }
  }

  function dayName(moment) {
    const day = moment.toLocaleDateString("zh-CN");
    const now = new Date();
    const clock = moment.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
    if (day === now.toLocaleDateString("zh-CN")) return `${texts.today} ${clock}`;
    now.setDate(now.getDate() - 1);
    if (day === now.toLocaleDateString("zh-CN")) return `${texts.yesterday} ${clock}`;
    return `${moment.getMonth() + 1}月${moment.getDate()}日 ${clock}`;
  }

  function addTime(at, line) {
    const moment = new Date(at);
    if (!(Math.abs(moment - lastMoment) > 10 * 60 * 1000)) return;
    lastMoment = moment;
    line.before(make("p", "day", dayName(moment)));
  }

  function choices(buttons) {
    const group = make("div", "choices");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", texts.choices_label);
    for (const { title, payload } of buttons) {
      const button = make("button", "choice", title);
      button.type = "button";
      button.dataset.payload = payload;
      group.append(button);
    }
    return group;
  }

  function quieten() {
    for (const line of lines.querySelectorAll(".line:not(.quiet)")) line.classList.add("quiet");
  }

  function ownLine(said) {
    const line = make("article", "line me");
    line.append(make("p", "who hidden", texts.me), plain(said), make("p", "mark", texts.sending));
    return line;
  }

  function mark(line, word, bad) {
    const node = line.querySelector(".mark");
    node.textContent = word;
    node.classList.toggle("bad", Boolean(bad));
  }

  function otherLine(entry) {
    const kind = { clerk: "clerk", notice: "notice-line", system: "system" }[entry.from] || "bot";
    const line = make("article", `line other ${kind}`);
    const who = texts[entry.from] || texts.bot;
    const before = lines.lastElementChild;
    const again = before && before.classList.contains(kind) && before.classList.contains("other");
    line.append(make("p", again ? "who hidden" : "who", who), rich(entry.text));
    if (entry.buttons.length) line.append(choices(entry.buttons));
    return line;
  }

  // ---- what comes in ----
  const held = []; // own entries that may belong to a message whose sending is not confirmed yet

  function take(entry) {
    last = Math.max(last, entry.seq);
    const line = shown.get(entry.id);
    if (line && entry.from === "me") {
      line.querySelector(".bubble").replaceWith(plain(entry.text)); // numbers masked now
      addTime(entry.at, line);
    } else if (entry.from === "me" && sending) held.push(entry);
    else if (!line) showEntry(entry);
  }

  function showEntry(entry) {
    if (entry.from === "me" || entry.buttons.length) quieten();
    const line = entry.from === "me" ? ownLine(entry.text) : otherLine(entry);
    if (entry.from === "me") mark(line, `✓ ${texts.stored}`);
    shown.set(entry.id, line);
    addLine(line, entry.from === "me");
    addTime(entry.at, line);
  }

  function confirmed(message, answer) {
    shown.set(answer.id, message.line);
    mark(message.line, `✓ ${texts.stored}`);
    held.splice(0).forEach(take);
  }

  // ---- what goes out: in order, one at a time, again and again until it is stored ----
  const queue = [];
  let sending = null;

  function say(said) {
    const line = ownLine(said);
    quieten();
    addLine(line, true);
    queue.push({ said, line, id: randomId() });
    void sendAll();
  }

  function randomId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  }

  const pause = (ms) => new Promise((done) => {
    const timer = setTimeout(done, ms);
    addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true });
  });

  async function sendAll() {
    if (sending) return;
    while ((sending = queue[0])) {
      const wait = await sendOnce(sending);
      if (wait) await pause(wait);
      else queue.shift();
    }
    held.splice(0).forEach(take);
  }

  async function sendOnce(message) {
    let response;
    try {
      response = await fetch("/chat/messages", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text: message.said, client_id: message.id }),
      });
      const answer = await response.json();
      if (response.ok) {
        confirmed(message, answer);
        return 0;
      }
      if (response.status === 429 || response.status >= 500) {
        mark(message.line, answer.error.message);
        return 1000 * (Number(response.headers.get("Retry-After")) || 3);
      }
      mark(message.line, `${texts.refused}：${answer.error.message}`, true);
      return 0;
    } catch {
      mark(message.line, texts.unsent);
      return 3000;
    }
  }

  addEventListener("beforeunload", (event) => {
    if (queue.length) event.preventDefault();
  });

  // ---- the stream ----
  let stream = null;
  let lostAt = 0;
  let owner = "bot";

  function tell(word, good) {
    notice.hidden = !word;
    notice.textContent = word || "";
    notice.classList.toggle("good", Boolean(good));
  }

  function ownerWord() {
    return { clerk: texts.clerk_here, queue: texts.queue_here }[owner] || "";
  }

  function connect() {
    stream = new EventSource(`/chat/events?after=${last}`);
    stream.addEventListener("open", () => {
      if (lostAt && Date.now() - lostAt > 2500) {
        tell(texts.online, true);
        setTimeout(() => tell(ownerWord(), true), 3000);
      } else tell(ownerWord(), true);
      lostAt = 0;
    });
    stream.addEventListener("message", (event) => take(JSON.parse(event.data)));
    stream.addEventListener("state", (event) => {
      const state = JSON.parse(event.data);
      owner = state.owner;
      typing.hidden = !(state.due && owner === "bot");
      tell(ownerWord(), true);
      keepUp();
    });
    stream.addEventListener("error", lost);
  }

  function lost() {
    if (!lostAt) lostAt = Date.now();
    setTimeout(() => {
      if (lostAt) {
        tell(texts.offline);
        typing.hidden = true;
      }
    }, 2000);
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 3000); // refused; a broken line comes back by itself
  }

  // ---- hands on the page ----
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = text.value.trim();
    if (!said) return text.focus();
    text.value = "";
    grow();
    say(said);
    text.focus();
  });

  text.addEventListener("keydown", (event) => {
    // Enter while choosing Hanzi belongs to the input method
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });

  function grow() {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 4}px`;
  }
  text.addEventListener("input", grow);

  lines.addEventListener("click", (event) => {
    const button = event.target.closest("button.choice");
    if (button) say(button.dataset.payload);
  });
  newest.addEventListener("click", toBottom);
  log.addEventListener("scroll", () => {
    following = atBottom();
    if (following) newest.hidden = true;
  });
  const growth = new ResizeObserver(keepUp);
  growth.observe(log);
  growth.observe(lines);

  const size = byId("size");
  function setSize(big) {
    document.documentElement.classList.toggle("big", big);
    size.setAttribute("aria-pressed", String(big));
    size.textContent = big ? texts.smaller : texts.bigger;
    try { localStorage.setItem("big", big ? "1" : ""); } catch { /* a browser that stores nothing */ }
    grow();
    keepUp();
  }
  size.addEventListener("click", () => setSize(!document.documentElement.classList.contains("big")));

  const ask = byId("ask");
  async function startAgain() {
    queue.length = 0;
    try {
      await fetch("/chat/forget", { method: "POST" });
    } finally {
      location.reload();
    }
  }
  byId("forget").addEventListener("click", () => {
    if (ask.showModal) ask.showModal();
    else if (confirm(texts.forget_ask)) void startAgain();
  });
  ask.addEventListener("close", () => { if (ask.returnValue === "yes") void startAgain(); });

  let wasBig = false;
  try { wasBig = Boolean(localStorage.getItem("big")); } catch { /* as above */ }
  if (wasBig) setSize(true);
  connect();
})();
