// Turns the plain text of a message into elements: titles, headed parts, lists, links. Text stays text: nothing is parsed as HTML.
"use strict";

const words = (() => {
  const link = /(https?:\/\/[^\s，。；、）】]+|\/h5\/[\w\-/?=&.%]+|(?<![\d-])(?:0\d{2,3}-\d{7,8}|12345)(?!\d))/;

  function make(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  function anchor(text) {
    const node = make("a", "", text);
    const phone = /^[\d-]+$/.test(text);
    node.href = phone ? "tel:" + text : text;
    if (!phone) {
      node.target = "_blank";
      node.rel = "noopener noreferrer";
    }
    return node;
  }

  function withLinks(node, text) {
    text.split(link).forEach((piece, index) => {
      if (piece) node.append(index % 2 ? anchor(piece) : piece);
    });
    return node;
  }

  function plain(text) {
    const bubble = make("div", "bubble");
    bubble.append(make("p", "", text));
    return bubble;
  }

  function rich(text) {
    const bubble = make("div", "bubble");
    let list = null;
    for (const line of text.split("\n")) {
      const said = line.trim();
      if (!said) continue;
      if (said.startsWith("• ")) {
        if (!list) {
          list = make("ul");
          bubble.append(list);
        }
        list.append(withLinks(make("li"), said.slice(2)));
        continue;
      }
      list = null;
      if (said.startsWith("▍")) bubble.append(withLinks(make("p", "part"), said.slice(1)));
      else bubble.append(withLinks(make("p", said.startsWith("【") ? "title" : ""), said));
    }
    return bubble;
  }

  return { make, plain, rich };
})();
