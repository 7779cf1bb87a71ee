import { fill, h } from "./dom.js";

/** @typedef {import("./element.js").BulletinChat} BulletinChat */

const MAX_CHARS = 1000;
/** How few characters are left when it is told, every 20. */
const TOLD_AT = 100;

/** Where one writes a question: safe for input methods, and open while an answer comes. */
export class Composer {
  /** @param {BulletinChat} chat */
  constructor(chat) {
    this._chat = chat;
    this._isComposing = false;
    this._blockedUntil = 0;
    this._step = MAX_CHARS;
    this._input = h("textarea");
    this._button = h("button");
    this._count = this._note = h("p");
  }

  /** Returns the nodes, made anew. */
  _make() {
    const chat = this._chat;
    const talk = chat._talk;
    this._input = h("textarea", {
      id: "input",
      part: "input",
      rows: 1,
      dir: "auto",
      maxlength: this._max,
      autocomplete: "off",
      enterkeyhint: "send",
      placeholder: chat._get("placeholder") || chat._say("placeholder"),
      "aria-describedby": "keys count",
      input: () => this._typed(),
      keydown: (event) => this._key(/** @type {KeyboardEvent} */ (event)),
      compositionstart: () => (this._isComposing = true),
      // Safari tells of the end before the Enter that ended it
      compositionend: () => setTimeout(() => (this._isComposing = false)),
    });
    this._input.value = talk._draft;
    // not one that submits: stopping makes it the sending one before the click is over
    const click = () => (talk._running ? talk._stop() : this._submit());
    this._button = h("button", { part: "send", click });
    this._count = h("p", { id: "count", class: "small" });
    this._note = h("p", { class: "small offline", hidden: true, text: chat._say("e_offline") });
    const box = h("div", { part: "composer" }, [
      this._note,
      h("label", { for: "input", class: "small", text: chat._say("label") }),
      h("div", { class: "line" }, [this._input, this._button]),
      h("p", { id: "keys", class: "small keys", text: chat._say("hint") }),
      this._count,
    ]);
    this._update();
    this._offline();
    return box;
  }

  get _max() {
    return (this._chat._talk._config.limits || {}).question_chars || MAX_CHARS;
  }

  /** Whether a key belongs to the input method. @param {KeyboardEvent} event */
  _isIme(event) {
    return event.isComposing || event.keyCode === 229 || this._isComposing;
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    if (event.key !== "Enter" || event.shiftKey || this._isIme(event)) return;
    event.preventDefault();
    this._submit();
  }

  _submit() {
    const talk = this._chat._talk;
    if (talk._running || Date.now() < this._blockedUntil || !talk._ask(this._input.value)) return;
    this._input.value = "";
    this._typed();
  }

  _typed() {
    this._chat._talk._keepDraft(this._input.value);
    this._grow();
    const left = this._max - this._input.value.length;
    const key = left ? "chars_left" : "full"; // what is pasted may have been cut
    const said = left > TOLD_AT ? "" : this._chat._say(key, { n: left || this._max });
    this._count.textContent = said;
    const step = Math.ceil(left / 20);
    if (said && step < this._step) this._chat._panel._tell(said);
    this._step = step;
  }

  /** Makes the field as high as its text. */
  _grow() {
    const style = this._input.style;
    style.height = "auto";
    if (this._input.scrollHeight) style.height = `${this._input.scrollHeight + 2}px`;
  }

  _focus() {
    this._input.focus();
  }

  /** The button stops while an answer comes, and waits while too many ask. */
  _update() {
    const chat = this._chat;
    const talk = chat._talk;
    const isBusy = !!talk._running;
    const said = chat._say(isBusy ? "stop" : "send");
    this._button.disabled = !isBusy && Date.now() < this._blockedUntil;
    if (this._button.textContent !== said) fill(this._button, [said]);
    this._input.maxLength = this._max;
  }

  _offline() {
    this._note.hidden = navigator.onLine;
  }
}
