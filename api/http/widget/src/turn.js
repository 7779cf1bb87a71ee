import { add, each, fill, h, icon, ICONS } from "./dom.js";
import { nameOf } from "./problems.js";
import { paragraphs, withMarkers } from "./prose.js";
import { printed, Sources } from "./sources.js";
import { sendFeedback } from "./transport.js";

/** @typedef {import("./element.js").BulletinChat} BulletinChat */

/** One turn on the page: the question and what became of it. */
export class TurnView {
  /** @param {BulletinChat} chat @param {Turn} turn */
  constructor(chat, turn) {
    this._chat = chat;
    this._turn = turn;
    this._sources = new Sources(chat, turn);
    this._answer = h("article", { part: "answer" });
    this._text = h("div");
    const level = chat._panel._h(0);
    this._asked = h("li", null, [
      h("article", { part: "question" }, [
        h(level, { class: "vh", text: chat._say("asked") }),
        h("p", { text: turn.question }),
      ]),
    ]);
    this._item = h("li", null, [this._answer]);
  }

  /** Shows the turn as it is. */
  _render() {
    const chat = this._chat;
    const { state, answer } = this._turn;
    const isBusy = state === "loading" || state === "streaming";
    this._answer.setAttribute("aria-busy", String(isBusy));
    const focused = this._sources._focused();
    this._text = h("div", { class: "text", lang: answer.lang || null });
    this._flow();
    const heading = h(chat._panel._h(0), { class: "vh", text: chat._say("answer") });
    fill(this._answer, [heading]);
    if (state === "loading")
      add(this._answer, [h("p", { class: "wait small", text: chat._say("searching") })]);
    else if (state === "failed") this._addProblem();
    else this._addAnswer(isBusy);
    if (focused) this._sources._focus(focused);
  }

  /** @param {boolean} isBusy */
  _addAnswer(isBusy) {
    const chat = this._chat;
    const { state, answer } = this._turn;
    const isStopped = state === "stopped";
    const reading = answer.reading?.question;
    add(this._answer, [
      reading &&
        reading !== this._turn.question &&
        h("p", { class: "small", text: chat._say("reading", { q: reading }) }),
      this._text,
      isStopped && h("p", { class: "small", text: chat._say("stopped") }),
      isStopped && this._again(),
    ]);
    if (isBusy || isStopped) return;
    add(this._answer, [
      this._sources._make(),
      this._closest(),
      answer.status !== "chat" && this._acts(),
      chat._panel._offers(answer.follow_ups),
    ]);
  }

  _flow() {
    const marker = (/** @type {Citation} */ citation) => this._sources._marker(citation);
    fill(this._text, paragraphs(this._turn.answer, marker, this._turn.state !== "done"));
  }

  /** Shows what a stream added. */
  _grow() {
    if (!this._text.parentNode) this._render();
    const focused = this._sources._focused();
    this._flow();
    if (focused) this._sources._focus(focused);
  }

  /** Returns the answer as it is read aloud. */
  _spoken() {
    const chat = this._chat;
    const { answer } = this._turn;
    const n = answer.citations.length;
    const text = withMarkers(answer, (citation) => ` (${chat._say("source", { n: citation.n })}) `);
    return n ? `${text} ${chat._say("n_sources", { n })}` : text;
  }

  /** Returns the answer with its sources as it is pasted elsewhere. */
  _plain() {
    const { answer } = this._turn;
    let text = answer.text;
    each(answer.citations, (citation, i) => {
      if (!i) text += `\n\n${this._chat._say("sources")}`;
      text += `\n[${citation.n}] ${this._sources._line(citation)}`;
    });
    return text;
  }

  _closest() {
    const { answer } = this._turn;
    const near = answer.no_answer?.closest || [];
    if (!Array.isArray(near) || !near.length) return null;
    const chat = this._chat;
    const list = h("ul", { class: "closest", role: "list" });
    each(near, (one) => {
      add(list, [
        h("li", null, [
          this._sources._link(one.url, printed(one.title) || chat._say("untitled")),
          h("p", { class: "small" }, [this._sources._about(one)]),
          h("p", { class: "small" }, [printed(one.snippet)]),
        ]),
      ]);
    });
    return chat._panel._section("closest", list);
  }

  /** Returns what one can do with an answer. */
  _acts() {
    const chat = this._chat;
    const panel = chat._panel;
    const copy = h(
      "button",
      { click: () => panel._copy(this._plain(), copy) },
      [icon(ICONS.copy), h("span", { text: chat._say("copy_answer") })],
    );
    return h("div", { class: "acts" }, [copy, this._vote("up"), this._vote("down")]);
  }

  /** @param {"up" | "down"} value */
  _vote(value) {
    const chat = this._chat;
    const button = h(
      "button",
      {
        label: chat._say(value),
        "aria-pressed": String(this._turn.vote === value),
        click: () => this._judge(value, button),
      },
      [icon(ICONS[value])],
    );
    return button;
  }

  /** @param {"up" | "down"} value @param {HTMLElement} button */
  async _judge(value, button) {
    const chat = this._chat;
    const { _panel: panel, _talk: talk } = chat;
    const { id } = this._turn.answer;
    if (this._turn.vote === value) return;
    this._turn.vote = value;
    each(/** @type {HTMLElement} */ (button.parentNode).children, (other) => {
      if (other.hasAttribute("aria-pressed")) other.setAttribute("aria-pressed", String(other === button));
    });
    talk._save();
    chat._emit("feedback", { id, value });
    const wasTaken = await sendFeedback(chat._api, id, value);
    panel._tell(chat._say(wasTaken ? "thanks" : "failed"));
  }

  // problems

  _problemText() {
    const problem = /** @type {Problem} */ (this._turn.problem);
    const name = nameOf(problem);
    const seconds = Math.ceil(((problem.retryAt || 0) - Date.now()) / 1000);
    if (name === "rate_limited" && seconds <= 0) return this._chat._say("ready");
    return this._chat._say(`e_${name}`, { n: seconds });
  }

  _addProblem() {
    const chat = this._chat;
    const panel = chat._panel;
    const problem = /** @type {Problem} */ (this._turn.problem);
    const text = h("p", { text: this._problemText() });
    const retry = this._again();
    const box = h("div", { class: "problem" }, [text]);
    const id = problem.requestId;
    if (id && nameOf(problem) === "error") {
      const copy = h(
        "button",
        { class: "again", click: () => panel._copy(id, copy) },
        [h("span", { text: chat._say("copy") })],
      );
      add(box, [h("span", { class: "small", text: chat._say("request", { id }) }), " ", copy]);
    }
    add(box, [retry]);
    add(this._answer, [box]);
    if (nameOf(problem) === "rate_limited" && problem.retryAt)
      this._countDown(problem.retryAt, text, retry);
    if (/forbidden|offline/.test(nameOf(problem)) && navigator.onLine)
      console.error(
        `bulletin-chat: no answer from ${chat._api} to ${location.origin}: allowed origins? connect-src?`,
      );
  }

  _again() {
    return h("button", {
      class: "again",
      text: this._chat._say("retry"),
      click: () => this._chat._talk._retry(this._turn),
    });
  }

  /**
   * Counts the seconds down that one has to wait, then lets ask again.
   * @param {number} until
   * @param {HTMLElement} text
   * @param {HTMLButtonElement} retry
   */
  _countDown(until, text, retry) {
    const composer = this._chat._panel._composer;
    composer._blockedUntil = until;
    const tick = () => {
      text.textContent = this._problemText();
      retry.disabled = Date.now() < until;
      composer._update();
      if (!text.isConnected) return;
      if (retry.disabled) setTimeout(tick, 1000);
      else this._chat._panel._tell(this._chat._say("ready"));
    };
    if (Date.now() < until) tick();
  }
}
