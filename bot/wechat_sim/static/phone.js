// The phone: who holds it, one stream of lines in, deeds out.
"use strict";

(() => {
  const { line, make, fill, texts } = bubbles;
  const byId = (id) => document.getElementById(id);
  const [log, text, form, menu, status] = ["log", "text", "form", "menu", "status"].map(byId);
  let person = null;
  let stream = null;
  let last = 0;
  let menuShown = "";

  async function call(method, path, body) {
    const answer = await fetch(`/sim${path}`, { method, body: body && JSON.stringify(body) });
    const content = await answer.json();
    if (!answer.ok) throw new Error(content.error);
    return content;
  }

  function say(words) { status.textContent = words; }

  async function does(deed, body = {}) {
    try {
      await call("POST", `/people/${person.openid}/${deed}`, body);
      say("");
      return true;
    } catch (error) {
      say(fill(texts.refused, error.message));
      return false;
    }
  }

  // ---- the chat ----

  function add(entry) {
    if (entry.seq <= last) return;
    last = entry.seq;
    if (entry.source === "typing") return;
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    const node = line(entry, person.name);
    const day = new Date(entry.moment * 1000);
    const time = day.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
    if (log.dataset.time !== time) log.append(make("p", "grey time", time));
    log.dataset.time = time;
    log.append(node);
    if (!atEnd && entry.source !== "user") return;
    log.scrollTop = log.scrollHeight;
    for (const image of node.querySelectorAll("img")) image.addEventListener("load", () => { log.scrollTop = log.scrollHeight; });
  }

  function showState(state) {
    const follows = state.person.follows;
    byId("card").hidden = follows;
    byId("foot").hidden = !follows;
    byId("meters").hidden = false;
    byId("title").textContent = state.person.typing_until > state.ledger.now ? texts.typing : texts.account;
    byId("oauth").value = state.person.oauth;
    showMenu(state.menu);
    meters.show(state);
  }

  function showMenu(found) {
    const key = JSON.stringify(found);
    if (key === menuShown) return;
    const first = menuShown === "" || menuShown === "null";
    menuShown = key;
    byId("to-menu").hidden = !found;
    if (!found) return showKeyboard(true);
    menu.replaceChildren(...found.button.map(topButton));
    if (first) showKeyboard(false);
  }

  function topButton(button) {
    const box = make("div", "top");
    const head = make("button", "", button.name);
    head.type = "button";
    box.append(head);
    if (!button.sub_button.length) {
      head.dataset.key = button.key || button.url || "";
      head.dataset.url = button.type === "view" ? button.url : "";
      return box;
    }
    head.setAttribute("aria-expanded", "false");
    head.setAttribute("aria-haspopup", "true");
    const list = make("ul", "sub");
    list.hidden = true;
    for (const sub of button.sub_button) {
      const item = make("li");
      const inner = make("button", "", sub.name);
      inner.type = "button";
      inner.dataset.key = sub.key || sub.url || "";
      inner.dataset.url = sub.type === "view" ? sub.url : "";
      item.append(inner);
      list.append(item);
    }
    box.prepend(list);
    head.addEventListener("click", () => toggle(head, list, list.hidden));
    return box;
  }

  function toggle(head, list, open) {
    for (const other of menu.querySelectorAll(".sub")) other.hidden = true;
    for (const other of menu.querySelectorAll("[aria-expanded]")) other.setAttribute("aria-expanded", "false");
    list.hidden = !open;
    head.setAttribute("aria-expanded", String(open));
    if (open) list.querySelector("button").focus();
  }

  function showKeyboard(shown) {
    form.hidden = !shown;
    byId("menu-bar").hidden = shown;
  }

  function openPage(url) {
    if (!/^https?:\/\/(127\.0\.0\.1|localhost)[:/]/.test(url)) return say(fill(texts.outside, url));
    window.open(`/sim/people/${person.openid}/open?url=${encodeURIComponent(url)}`, "_blank", "noopener");
  }

  // ---- who holds the phone ----

  async function take(name) {
    person = await call("POST", "/people", { name });
    localStorage.setItem("phone", name);
    bubbles.of(person.openid);
    byId("who").textContent = name;
    byId("export").href = `/sim/export?openid=${person.openid}`;
    log.replaceChildren();
    delete log.dataset.time;
    last = 0;
    menuShown = "";
    listen();
  }

  function listen() {
    if (stream) stream.close();
    stream = new EventSource(`/sim/people/${person.openid}/stream`);
    stream.addEventListener("line", (event) => add(JSON.parse(event.data)));
    stream.addEventListener("state", (event) => showState(JSON.parse(event.data)));
    stream.onerror = () => say(texts.lost);
    stream.onopen = () => { if (status.textContent === texts.lost) say(texts.back); };
  }

  async function choosePerson() {
    const { people } = await call("GET", "/people");
    const names = [...new Set([...texts.people, ...people.map((p) => p.name)])].slice(0, 12);
    byId("people-list").replaceChildren(...names.map((name) => {
      const button = make("button", "act", name);
      button.type = "button";
      button.addEventListener("click", () => { byId("people").close(); take(name); });
      return button;
    }));
    byId("people").showModal();
  }

  // ---- deeds with a form ----

  const base64 = (blob) => new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1]);
    reader.readAsDataURL(blob);
  });

  function samplePaper() {
    const canvas = make("canvas");
    [canvas.width, canvas.height] = [640, 400];
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#f4efe2";
    pen.fillRect(0, 0, 640, 400);
    pen.strokeStyle = "#a9622a";
    pen.lineWidth = 6;
    pen.strokeRect(16, 16, 608, 368);
    pen.fillStyle = "#3a2a18";
    texts.paper.forEach((words, number) => {
      pen.font = `${number ? 34 : 48}px sans-serif`;
      pen.fillText(fill(words, person.name), 60, 110 + number * 90);
    });
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  }

  const dialogs = {
    async voice(choice) {
      const heard = document.querySelector("input[name=heard]:checked").value;
      if (choice !== "send") return;
      await does("voice", { text: { recognition: byId("said").value }, empty: { recognition: "" }, none: {} }[heard]);
      byId("said").value = "";
    },
    async photo(choice) {
      const chosen = byId("file").files[0];
      const blob = choice === "sample" ? await samplePaper() : choice === "file" ? chosen : null;
      if (blob) await does("image", { content: await base64(blob) });
      byId("file").value = "";
    },
    async place(choice) {
      const at = { latitude: Number(byId("latitude").value), longitude: Number(byId("longitude").value) };
      if (choice === "send") await does("location", { ...at, label: byId("label").value });
      if (choice === "enter") await does("enter", at);
    },
    async scan(choice) {
      if (choice === "send") await does("scan", { scene: byId("scene").value });
    },
    async consent() {},
  };

  async function open(name) {
    showTools(false);
    if (name === "scan") await fillCodes();
    if (name === "consent") await fillTemplates();
    byId(name).returnValue = "";
    byId(name).showModal();
  }

  async function fillCodes() {
    const { codes } = await call("GET", "/codes");
    byId("codes").replaceChildren(...codes.map(({ ticket, scene }) => {
      const button = make("button", "act", scene);
      button.type = "button";
      button.addEventListener("click", () => { byId("scan").close(); does("scan", { ticket }); });
      return button;
    }));
    if (!codes.length) byId("codes").append(make("p", "quiet", texts.no_codes));
  }

  async function fillTemplates() {
    const { templates } = await call("GET", "/templates");
    byId("templates").replaceChildren(...templates.map(({ template_id: id, title }) => {
      const row = make("p", "row");
      row.append(make("span", "grow", title));
      for (const choice of ["accept", "reject"]) {
        const button = make("button", "act", texts[choice]);
        button.type = "button";
        button.addEventListener("click", async () => {
          if (await does("consent", { choices: { [id]: choice } })) button.textContent = `${texts[choice]} ✓`;
        });
        row.append(button);
      }
      return row;
    }));
  }

  function showTools(shown) {
    byId("tools").hidden = !shown;
    byId("more").setAttribute("aria-expanded", String(shown));
  }

  // ---- hands ----

  function showSend() {
    byId("send").hidden = !text.value.trim();
    byId("more").hidden = !byId("send").hidden;
  }

  async function send() {
    const said = text.value.trim();
    if (!said || !person) return;
    text.value = "";
    if (!(await does("text", { text: said }))) text.value = said;
    showSend();
    text.focus();
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
  });
  text.addEventListener("input", () => { showTools(false); showSend(); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.deed) { showTools(false); does(button.dataset.deed, JSON.parse(button.dataset.body || "{}")); }
    if (button.dataset.open) open(button.dataset.open);
    if (button.dataset.choice) does("menu_link", { id: button.dataset.choice, content: button.textContent });
    if (button.dataset.key !== undefined) {
      for (const list of menu.querySelectorAll(".sub")) list.hidden = true;
      for (const head of menu.querySelectorAll("[aria-expanded]")) head.setAttribute("aria-expanded", "false");
      if (button.dataset.url) openPage(button.dataset.url);
      does("tap", { key: button.dataset.key });
    }
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && menu.querySelector(".sub:not([hidden])");
    if (open) { const head = open.parentElement.querySelector("[aria-expanded]"); toggle(head, open, false); head.focus(); }
  });
  for (const [name, act] of Object.entries(dialogs)) byId(name).addEventListener("close", () => act(byId(name).returnValue));
  byId("people-form").addEventListener("submit", () => {
    const name = byId("name").value.trim();
    byId("name").value = "";
    if (name) take(name);
  });
  byId("more").addEventListener("click", () => showTools(byId("tools").hidden));
  byId("to-text").addEventListener("click", () => { showKeyboard(true); text.focus(); });
  byId("to-menu").addEventListener("click", () => { showTools(false); showKeyboard(false); menu.querySelector("button").focus(); });
  byId("switch").addEventListener("click", choosePerson);
  byId("inspect").addEventListener("click", () => {
    const shown = document.body.classList.toggle("inspecting");
    byId("inspect").setAttribute("aria-expanded", String(shown));
    if (shown) byId("inspector").scrollIntoView();
  });
  byId("oauth").addEventListener("change", () => call("PATCH", `/people/${person.openid}`, { oauth: byId("oauth").value }));

  const before = localStorage.getItem("phone");
  if (before) take(before);
  else choosePerson();
})();
