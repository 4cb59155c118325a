// How a line of the transcript looks. Nothing from outside is ever set as HTML.
"use strict";

const bubbles = (() => {
  const texts = JSON.parse(document.body.dataset.texts);
  const fill = (text, ...values) => text.replace(/\{(\d)\}/g, (_, n) => values[n]);
  let openid = "";

  function make(name, className, text) {
    const node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function icon(name) {
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `/static/icons.svg#${name}`);
    drawing.setAttribute("class", "icon");
    drawing.setAttribute("aria-hidden", "true");
    drawing.append(use);
    return drawing;
  }

  function withIcon(name, words) {
    const box = make("div", "words with-icon");
    box.append(icon(name), make("span", "", words));
    return box;
  }

  // A page of the account, opened as WeChat's browser does: signed in as this person.
  function pageLink(url, label, className) {
    const link = make("a", className, label);
    link.href = `/sim/people/${openid}/open?url=${encodeURIComponent(url)}`;
    link.target = "_blank";
    link.rel = "noopener";
    return link;
  }

  // Text as WeChat shows it: <a href> of the account become links, bare addresses too; all else is text.
  const LINK = /<a\s[^>]*?href\s*=\s*(["'])(.*?)\1[^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'（）【】，。；]+)/gi;
  function rich(text, links) {
    const box = make("div", "words");
    let from = 0;
    for (const found of links ? text.matchAll(LINK) : []) {
      const [url, label] = found[4] ? [found[4], found[4]] : [found[2], found[3]];
      box.append(text.slice(from, found.index));
      from = found.index + found[0].length;
      if (/^https?:\/\//.test(url)) box.append(pageLink(url, label));
      else if (/^tel:/.test(url)) { const call = make("a", "", label); call.href = url; box.append(call); }
      else box.append(label);
    }
    box.append(text.slice(from));
    return box;
  }

  function menuMessage(content) {
    const box = make("div", "words");
    if (content.head) box.append(rich(content.head, true));
    const list = make("ul", "choices");
    list.setAttribute("aria-label", texts.choose);
    for (const { id, content: label } of content.list) {
      const item = make("li");
      const button = make("button", "choice", label);
      button.type = "button";
      button.dataset.choice = id;
      item.append(button);
      list.append(item);
    }
    box.append(list);
    if (content.tail) box.append(rich(content.tail, true));
    return box;
  }

  function articles(content) {
    const box = make("div", "articles");
    for (const { title, description, url, picurl } of content.articles) {
      const card = url ? pageLink(url, "", "article") : make("div", "article");
      card.append(make("strong", "", title));
      if (description) card.append(make("span", "quiet", description));
      if (picurl && picurl.startsWith(location.origin)) card.append(picture(picurl));
      box.append(card);
    }
    return box;
  }

  function picture(address) {
    const image = make("img", "picture");
    image.src = address;
    image.alt = texts.picture;
    return image;
  }

  function template(content, kind) {
    const box = make("div", "template");
    box.append(make("span", "quiet", texts[kind]), make("strong", "", content.title));
    const list = make("dl");
    for (const [name, value] of Object.entries(content.data)) list.append(make("dt", "", name), make("dd", "", value));
    box.append(list);
    if (content.url) box.append(pageLink(content.url, texts.read_more));
    return box;
  }

  function voice(content) {
    const box = make("div");
    box.append(withIcon("mic", texts.voice));
    if (content.recognition !== undefined) {
      const heard = content.recognition === null ? texts.voice_none : content.recognition ? fill(texts.voice_heard, content.recognition) : texts.voice_empty;
      box.append(make("span", "quiet heard", heard));
    }
    return box;
  }

  const media = (content) => `/sim/pictures/${encodeURIComponent(content.media_id)}`;
  const KINDS = {
    text: (c, source) => rich(c.text, source !== "user"),
    image: (c) => picture(media(c)),
    voice,
    msgmenu: menuMessage,
    news: articles,
    template: (c, source) => template(c, source),
    video: () => withIcon("video", texts.video),
    shortvideo: () => withIcon("video", texts.shortvideo),
    location: (c) => withIcon("place", fill(texts.place, c.label)),
    file: (c) => withIcon("file", fill(texts.file, c.title)),
    link: (c) => withIcon("link", fill(texts.link, c.title)),
    sticker: () => withIcon("face", texts.sticker),
    music: (c) => make("div", "words", fill(texts.music, c.title)),
  };

  // The element of a line; null for one that is not shown.
  function line(entry, name) {
    if (entry.source === "typing") return null;
    if (entry.source === "suppressed") return make("p", "grey odd", fill(texts.suppressed, entry.content.reason));
    if (entry.source === "system") return make("p", "grey", entry.content.text);
    if (entry.source === "notice") return make("p", "grey failure", entry.content.text);
    const mine = entry.source === "user";
    const row = make("article", mine ? "line mine" : "line theirs");
    row.dataset.push = entry.push || "";
    const face = make("span", "face", mine ? name.slice(-1) : "帮");
    face.setAttribute("aria-hidden", "true");
    const body = make("div", "body");
    body.append(make("span", "hidden", mine ? texts.me : texts.account));
    const bubble = make("div", `bubble ${entry.kind}`);
    const draw = KINDS[entry.kind] || ((c) => make("div", "words", fill(texts.card, c.title || entry.kind)));
    bubble.append(draw(entry.content, entry.source));
    if (entry.content.ai_mark) bubble.append(make("p", "quiet ai", entry.content.ai_mark));
    body.append(bubble);
    if (mine) body.append(make("p", "mark quiet"));
    row.append(face, body);
    return row;
  }

  return { line, make, fill, texts, of: (id) => { openid = id; } };
})();
