// The platform's timers and books: five seconds, the window, the quota, grants and deliveries.
"use strict";

const meters = (() => {
  const { make, fill, texts } = bubbles;
  const byId = (id) => document.getElementById(id);
  let state = null;
  let received = 0;

  const seconds = () => (performance.now() - received) / 1000;
  const now = () => state.ledger.now + seconds();

  function span(left) {
    const two = (n) => String(Math.floor(n)).padStart(2, "0");
    return left >= 3600 ? `${Math.floor(left / 3600)}:${two((left % 3600) / 60)}:${two(left % 60)}` : `${two(left / 60)}:${two(left % 60)}`;
  }

  const set = (id, words) => { if (byId(id).textContent !== words) byId(id).textContent = words; };

  function tick() {
    if (!state) return;
    const open = state.deliveries.find((d) => d.state === "open");
    const age = open ? (open.age + seconds()) * state.pace - (open.tries - 1) * state.budget : 0;
    const waited = Math.max(0, Math.min(state.budget, age));
    byId("wait").max = state.budget;
    byId("wait").value = waited;
    byId("wait").classList.toggle("late", waited > state.budget * 0.7);
    set("wait-words", open ? fill(texts.waiting, open.tries, waited.toFixed(1)) : texts.idle);

    const { left, until, grants } = state.ledger;
    const rest = until ? Math.max(0, until - now()) : 0;
    byId("window").max = rest > 60 ? 172800 : 60;
    byId("window").value = rest;
    set("window-words", rest ? fill(texts.window, span(rest)) : texts.window_closed);
    byId("quota").max = Math.max(5, left || 0);
    byId("quota").value = rest ? left ?? 5 : 0;
    set("quota-words", rest ? (left === null ? texts.quota_any : fill(texts.quota, left)) : fill(texts.quota, 0));
    state.deliveries.forEach(tickMark);
    for (const [number, row] of [...byId("grants").children].entries()) {
      const grant = grants[number];
      if (grant) row.textContent = fill(texts.grant_row, texts.grants[grant.kind], grant.left ?? "∞", span(Math.max(0, grant.expires - now())));
    }
  }

  const outcome = (d) => d.state === "answered" ? fill(texts.answered, d.tries, d.seconds.toFixed(2))
    : d.state === "failed" ? fill(texts.failed, d.tries, d.reason)
    : d.state === "open" ? fill(texts.open, d.tries, ((d.age + seconds()) * state.pace).toFixed(0)) : texts[d.state];

  // The words below a bubble: what became of its push.
  function tickMark(d) {
    const mark = document.querySelector(`.line[data-push="${CSS.escape(d.id)}"] .mark`);
    if (!mark || mark.textContent === outcome(d)) return;
    mark.textContent = outcome(d);
    mark.classList.toggle("bad", !["open", "answered"].includes(d.state));
  }

  function show(fresh) {
    state = fresh;
    received = performance.now();
    byId("grants").replaceChildren(...state.ledger.grants.filter((g) => g.open).map(() => make("li")));
    state.ledger.grants = state.ledger.grants.filter((g) => g.open);
    if (!state.ledger.grants.length) byId("grants").append(make("li", "quiet", texts.no_grants));
    byId("pushes").replaceChildren(...[...state.deliveries].reverse().map((d) => {
      const row = make("li", d.state);
      row.append(make("code", "", d.trigger), make("span", "", outcome(d)));
      return row;
    }));
    tick();
  }

  setInterval(tick, 200);
  return { show, state: () => state };
})();
