import { each, push } from "./dom.js";
import { nameOf } from "./problems.js";
import { createStore } from "./store.js";
import { ask, checked } from "./transport.js";

/** @typedef {import("./element.js").BulletinChat} BulletinChat */

/** Returns an answer in which nothing is said yet. @returns {Answer} */
const blank = () => ({
  id: "",
  status: "answered",
  lang: "",
  text: "",
  citations: [],
  sources: [],
  no_answer: null,
});

/** What was asked and answered, and the question under way; the panel shows it. */
export class Conversation {
  /** @param {BulletinChat} chat */
  constructor(chat) {
    this._chat = chat;
    /** @type {Turn[]} */
    this._turns = [];
    this._draft = "";
    /** @type {AbortController | null} */
    this._running = null;
    /** @type {Config} */
    this._config = {};
    /** @type {ReturnType<typeof createStore> | null} */
    this._store = null;
  }

  /** Brings back what was kept, once; a question that was under way can be asked again. */
  _restore() {
    if (this._store) return;
    let nth = "";
    each(document.querySelectorAll("bulletin-chat"), (one, i) => {
      if (i && one === this._chat) nth = `#${i}`;
    });
    const site = this._chat._get("site") || this._chat._api + nth;
    this._store = createStore(site, this._chat._get("persist"));
    const kept = this._store.load();
    if (!kept || this._turns.length) return;
    this._draft = String(kept.draft || "");
    each(kept.turns, (turn) => {
      const answer = checked(turn && turn.answer);
      if (!answer) return;
      turn.answer = answer;
      turn.question = String(turn.question);
      if (turn.state === "loading" || turn.state === "streaming") {
        turn.state = "failed";
        turn.problem = { code: "cut" };
      }
      push(this._turns, turn);
    });
  }

  _save() {
    this._store?.save(this._turns, this._draft);
  }

  /** @param {string} draft */
  _keepDraft(draft) {
    this._draft = draft;
    this._save();
  }

  get _state() {
    const last = this._turns[this._turns.length - 1];
    if (!last) return "idle";
    if (last.state === "done") return last.answer.status;
    if (last.state === "failed") return nameOf(last.problem);
    return last.state;
  }

  /**
   * Asks a question; false where one is under way, it is blank or the host page declines it.
   * @param {string} text
   */
  _ask(text) {
    const question = text.trim();
    if (!question || this._running) return false;
    if (!this._chat._emit("question", { text: question, lang: this._lang }, true)) return false;
    /** @type {Turn} */
    const turn = { question, state: "loading", answer: blank() };
    push(this._turns, turn);
    this._run(turn);
    return true;
  }

  /** Asks the question of a turn again, in its place. @param {Turn} turn */
  _retry(turn) {
    if (this._running) return;
    turn.state = "loading";
    turn.answer = blank();
    turn.problem = undefined;
    this._run(turn);
  }

  _stop() {
    this._running?.abort();
  }

  /** Forgets everything; what is under way is stopped. */
  _clear() {
    this._stop();
    this._running = null;
    this._turns = [];
    this._save();
  }

  get _lang() {
    return this._chat._get("answer-lang") || "auto";
  }

  /** @param {Turn} turn */
  async _run(turn) {
    const mine = (this._running = new AbortController());
    const isMine = () => this._running === mine;
    this._changed(turn);
    const { answer, problem } = await ask(this._chat._api, this._body(turn), {
      lang: this._chat._voice.lang,
      control: mine,
      onEvent: (event, data) => isMine() && this._take(turn, event, data),
    });
    if (!isMine()) return;
    this._running = null;
    turn.state = answer ? "done" : problem ? "failed" : "stopped";
    if (answer) turn.answer = answer;
    turn.problem = problem;
    this._changed(turn);
    if (answer) this._chat._emit("answer", { answer });
    if (problem) this._chat._emit("error", { problem });
  }

  /** @param {Turn} turn @param {string} event @param {any} data */
  _take(turn, event, data) {
    const answer = turn.answer;
    if (event === "sources" && Array.isArray(data.sources)) {
      answer.sources = data.sources;
      this._chat._emit("sources", { sources: data.sources });
    } else if (event === "delta") {
      turn.state = "streaming";
      answer.text += String(data.text || "");
      this._chat._panel._grew(turn);
    } else if (event === "citation" && data.citation) {
      push(answer.citations, data.citation);
      this._chat._panel._grew(turn);
    }
  }

  /** @param {Turn} turn */
  _changed(turn) {
    this._save();
    this._chat._panel._show(turn);
  }

  /** @param {Turn} turn */
  _body(turn) {
    return {
      question: turn.question,
      history: this._history(turn),
      lang: this._lang,
      stream: true,
      filters: this._chat.filters || undefined,
      client: { name: "widget", version: VERSION },
    };
  }

  /**
   * Returns the answered turns before one, as many of the last as the service takes.
   * @param {Turn} turn
   */
  _history(turn) {
    const { history_turns: turns = 20, history_chars: chars = 20000 } = this._config.limits || {};
    /** @type {{ role: string, text: string }[]} */
    let history = [];
    let size = 0;
    let i = 0;
    while (this._turns[i] !== turn) i++;
    while (i-- && history.length + 2 <= turns) {
      const { state, question, answer } = this._turns[i];
      if (state !== "done") continue;
      size += question.length + answer.text.length;
      if (size > chars) break;
      const told = [
        { role: "user", text: question },
        { role: "assistant", text: answer.text },
      ];
      each(history, (one) => push(told, one));
      history = told;
    }
    return history;
  }
}
