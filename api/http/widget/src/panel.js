import { Composer } from "./composer.js";
import { add, each, fill, h, icon, ICONS, parse } from "./dom.js";
import { FULL } from "./element.js";
import { TurnView } from "./turn.js";

/** @typedef {import("./element.js").BulletinChat} BulletinChat */

const SEARCHING_MS = 700;
const TOLD_MS = 1000;

/** The window: heading, conversation, composer; a dialog where the launcher opens it. */
export class Panel {
  /** @param {BulletinChat} chat */
  constructor(chat) {
    this._chat = chat;
    this._composer = new Composer(chat);
    /** @type {HTMLElement} */
    const none = h("div");
    this._box = this._heading = this._scroll = this._intro = none;
    this._list = this._newer = this._status = this._alert = none;
    /** @type {Map<Turn, TurnView>} */
    this._views = new Map();
    this._isFull = false;
    this._isFollowing = true;
    this._timer = 0;
    this._overflow = "";
    this._entry = 0;
  }

  /** Returns the window, empty until `_fill`. */
  _make() {
    const mode = this._chat._mode;
    const props = { id: "panel", part: "panel", "aria-labelledby": "title" };
    this._box = mode === "bubble"
      ? h("dialog", {
          ...props,
          // the browser's own closing: Back on Android, or Esc where a page cannot refuse it
          cancel: (event) => {
            event.preventDefault();
            this._chat._close();
          },
          close: () => this._chat._isOpen && !this._dialog.open && this._chat._close(),
        })
      : h("section", props);
    this._box.classList.add(mode);
    this._box.addEventListener("keydown", (event) => this._key(event));
    this._views.clear();
    return this._box;
  }

  get _dialog() {
    return /** @type {HTMLDialogElement} */ (this._box);
  }

  get _level() {
    const level = Number(this._chat._get("heading-level")) || 3;
    return level < 2 ? 2 : level > 5 ? 5 : level;
  }

  /** Returns a heading so many levels below that of a turn. @param {number} below */
  _h(below) {
    return /** @type {"h3"} */ (`h${this._level + below}`);
  }

  /**
   * Returns a list under a heading.
   * @param {string} name
   * @param {HTMLElement} list
   */
  _section(name, list) {
    return h("section", null, [
      h(this._h(1), { class: "heading", text: this._chat._say(name) }),
      list,
    ]);
  }

  /** Makes what the window holds. */
  _fill() {
    if (this._box.firstChild) return;
    const chat = this._chat;
    const talk = chat._talk;
    const button = (/** @type {string} */ name, /** @type {string} */ path, /** @type {() => void} */ click) =>
      h("button", { label: chat._say(name), click }, [
        icon(path),
      ]);
    this._heading = h(this._h(-1), { id: "title", class: "title", tabindex: -1 });
    this._intro = h("div", { class: "intro" });
    this._list = h("ol", { class: "turns", role: "list" });
    this._scroll = h(
      "div",
      { part: "transcript", role: "region", tabindex: 0, scroll: () => this._scrolled() },
      [this._intro, this._list],
    );
    this._newer = h("button", {
      class: "newer",
      hidden: true,
      text: chat._say("newer"),
      click: () => this._toEnd(),
    });
    this._status = h("div", { class: "vh", role: "status" });
    this._alert = h("div", { class: "vh", role: "alert" });
    const composer = this._composer._make();
    composer.insertBefore(this._newer, composer.firstChild);
    const disclaimer = chat._get("disclaimer");
    add(composer, [disclaimer && h("p", { part: "footer", text: disclaimer })]);
    add(this._box, [
      h("div", { part: "header" }, [
        this._heading,
        button("clear", ICONS.clear, () => this._clear()),
        chat._mode === "bubble" && button("close", ICONS.close, () => chat._close()),
      ]),
      this._scroll,
      composer,
      this._status,
      this._alert,
    ]);
    this._configured();
    each(talk._turns, (turn) => this._view(turn));
  }

  /** Shows what the service's settings change. */
  _configured() {
    if (!this._box.firstChild) return;
    const chat = this._chat;
    const talk = chat._talk;
    const title =
      chat._get("title") || talk._config.title || chat._say("launcher");
    this._heading.textContent = title;
    this._scroll.setAttribute("aria-label", `${chat._say("conversation")}: ${title}`);
    const offered = parse(chat._get("suggestions")) || talk._config.suggestions;
    fill(this._intro, [
      h("p", { text: chat._get("greeting") || chat._say("greeting") }),
      this._offers(offered),
    ]);
    this._composer._update();
    this._introduce();
  }

  _introduce() {
    this._intro.hidden = this._chat._talk._turns.length > 0;
  }

  /**
   * Returns questions to choose from, or nothing.
   * @param {string[] | undefined} questions
   */
  _offers(questions) {
    if (!Array.isArray(questions) || !questions.length) return null;
    const box = h("div", { class: "offers" }, [
      h("p", { class: "small", text: this._chat._say("suggestions") }),
    ]);
    each(questions, (question, i) => {
      const text = String(question);
      if (i < 4) add(box, [h("button", { text, click: () => this._chat.ask(text) })]);
    });
    return box;
  }

  // turns

  /** @param {Turn} turn */
  _view(turn) {
    let view = this._views.get(turn);
    if (!view) {
      view = new TurnView(this._chat, turn);
      this._views.set(turn, view);
      add(this._list, [view._asked, view._item]);
      view._render();
    }
    return view;
  }

  /** Shows that a turn began or ended, and tells it. @param {Turn} turn */
  _show(turn) {
    const isNew = !this._views.has(turn);
    const hadFocus = this._scroll.contains(this._chat._shadow.activeElement);
    const view = this._view(turn);
    if (!isNew) view._render();
    this._introduce();
    this._composer._update();
    clearTimeout(this._timer);
    if (turn.state === "loading") {
      this._isFollowing = true;
      if (hadFocus) this._scroll.focus({ preventScroll: true }); // what was pressed may be gone
      this._timer = setTimeout(
        () => this._tell(this._chat._say("searching")),
        SEARCHING_MS,
      );
    } else if (turn.problem) this._tell(view._problemText(), true);
    else this._tell(turn.state === "done" ? view._spoken() : this._chat._say("stopped"));
    this._follow();
  }

  /** Shows what a stream added. @param {Turn} turn */
  _grew(turn) {
    this._view(turn)._grow();
    this._follow();
  }

  /** Where to scroll so that the last question is on top. */
  _goal() {
    const asked = /** @type {HTMLElement} */ (this._list.children[this._list.children.length - 2]);
    const end = this._scroll.scrollHeight - this._scroll.clientHeight;
    return asked ? Math.min(asked.offsetTop - this._scroll.offsetTop - 12, end) : 0;
  }

  /** Keeps the question on top and the answer under it, unless the reader has scrolled away. */
  _follow() {
    if (this._isFollowing) this._scroll.scrollTop = this._goal();
    else this._newer.hidden = this._scroll.scrollTop >= this._goal() - 8;
  }

  _scrolled() {
    this._isFollowing = Math.abs(this._scroll.scrollTop - this._goal()) <= 8;
    if (this._isFollowing) this._newer.hidden = true;
  }

  _toEnd() {
    this._scroll.scrollTop = this._goal();
    this._scroll.focus({ preventScroll: true });
  }

  /** Forgets the conversation and begins anew. */
  _clear() {
    if (!this._box.firstChild) this._chat._talk._restore();
    this._chat._talk._clear();
    this._views.clear();
    this._list.textContent = "";
    this._newer.hidden = true;
    this._introduce();
    this._composer._update();
    this._chat._emit("clear");
    if (this._chat._isOpen || this._chat._mode !== "bubble") this._enter();
  }

  // telling those who do not see it

  /**
   * Tells a text once to screen readers.
   * @param {string} text
   * @param {boolean} [isUrgent]
   */
  _tell(text, isUrgent) {
    const region = isUrgent ? this._alert : this._status;
    const said = h("p", { text });
    add(region, [said]);
    setTimeout(() => said.remove(), TOLD_MS);
  }

  /**
   * Copies a text, and says so on the button and aloud.
   * @param {string} text
   * @param {HTMLElement} button
   */
  async _copy(text, button) {
    const label = /** @type {HTMLElement} */ (button.querySelector("span"));
    const before = label.textContent;
    const said = this._chat._say((await this._toClipboard(text)) ? "copied" : "failed");
    if (before === said) return;
    label.textContent = said;
    this._tell(said);
    setTimeout(() => (label.textContent = before), 2000);
  }

  /** @param {string} text */
  async _toClipboard(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // a page without https has no clipboard to write to, but can copy what is selected
      const focused = /** @type {HTMLElement | null} */ (this._chat._shadow.activeElement);
      const field = h("textarea", { class: "vh", "aria-hidden": "true", tabindex: -1 });
      field.value = text;
      add(this._box, [field]);
      field.select();
      const isDone = document.execCommand("copy");
      field.remove();
      if (focused) focused.focus();
      return isDone;
    }
  }

  // opening and closing

  /**
   * Lets the page be seen: at full screen the window closes before something is shown there.
   * @param {() => void} show
   */
  _stepAside(show) {
    if (!this._isFull) {
      show();
      return;
    }
    addEventListener("popstate", () => setTimeout(show), { once: true });
    this._chat._close();
  }

  _open() {
    this._isFull = matchMedia(FULL).matches;
    this._box.classList.toggle("full", this._isFull);
    if (this._isFull) {
      this._dialog.showModal();
      this._lock();
    } else this._dialog.show();
    this._enter();
    this._composer._grow();
    this._follow();
  }

  /** Moves the focus in: to the heading where the field would bring up a keyboard. */
  _enter() {
    if (this._isFull || matchMedia("(pointer: coarse)").matches) this._heading.focus();
    else this._composer._focus();
  }

  _close() {
    this._unlock();
    if (this._dialog.open) this._dialog.close();
  }

  /** Leaves nothing of ours on the page: before the nodes go. */
  _leave() {
    this._unlock();
    clearTimeout(this._timer);
  }

  /** Changes between the window and the full screen where the room changes. */
  _fit() {
    if (!this._chat._isOpen || matchMedia(FULL).matches === this._isFull) return;
    const focused = /** @type {HTMLElement | null} */ (this._chat._shadow.activeElement);
    this._unlock();
    this._dialog.close();
    this._open();
    if (focused) focused.focus();
  }

  /** At full screen the page stands still, Back closes the window, and the keyboard gets room. */
  _lock() {
    const page = document.documentElement.style;
    this._overflow = page.overflow;
    page.overflow = "hidden";
    const state = history.state;
    this._entry = Date.now();
    history.pushState({ ...(typeof state === "object" && state), bulletin: this._entry }, "");
    this._fitView();
  }

  _fitView() {
    if (!this._isFull || !visualViewport) return;
    this._box.style.setProperty("--view-height", `${visualViewport.height}px`);
    this._box.style.setProperty("--view-top", `${visualViewport.offsetTop}px`);
  }

  _unlock() {
    if (!this._isFull) return;
    this._isFull = false;
    document.documentElement.style.overflow = this._overflow;
    if (this._isOnEntry) history.back();
  }

  get _isOnEntry() {
    return history.state && history.state.bulletin === this._entry;
  }

  _popped() {
    if (this._isFull && !this._isOnEntry) this._chat._close();
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    if (event.key !== "Escape" || this._chat._mode !== "bubble") return;
    event.preventDefault(); // a modal dialog would close by itself, even while one composes
    if (!this._composer._isIme(event)) this._chat._close();
  }
}
