import { legible, readColour } from "./colour.js";
import { Conversation } from "./conversation.js";
import { adopt, each, h, icon, ICONS, json, parse, push } from "./dom.js";
import { Panel } from "./panel.js";
import { createVoice, langOf } from "./strings.js";
import { getJson } from "./transport.js";
import launcherCss from "./launcher.css";
import panelCss from "./panel.css";

/** Settings that change no word and no node; no other setting's name is part of this. */
const LOOKS = "theme accent position offset density z-index";
export const SETTINGS = (
  LOOKS +
  " api site mode lang answer-lang title greeting placeholder suggestions disclaimer " +
  "link-target persist hotkey heading-level filters strings open-on"
).split(" ");

/** Where the window takes the whole screen. */
export const FULL = "(max-width: 480px), (max-height: 480px)";

const DARK = matchMedia("(prefers-color-scheme: dark)");

/** Where the script came from, and the nonce its tag has; the entry files tell. */
export const origin = { base: "", nonce: "" };

/** `<bulletin-chat>`: asks a bulletin-qa service and shows what it answers. */
export class BulletinChat extends HTMLElement {
  static get observedAttributes() {
    return SETTINGS;
  }

  constructor() {
    super();
    this._shadow = this.attachShadow({ mode: "open" });
    this._talk = new Conversation(this);
    this._isOpen = false;
    /** @type {(() => void)[]} */
    this._waiting = [];
    /** @type {AbortController | null} */
    this._listening = null;
    /** @type {Strings} */
    this._own = {};
    /** @type {Strings} */
    this._fetched = {};
    /** @type {object | null} */
    this._filters = null;
    this._voice = createVoice("en", {});
    this._configured = false;
    this._root = h("div");
    this._launcher = h("button");
    /** @type {Panel | null} */
    this._made = null;
    /** @type {Element | null} */
    this._before = null;
  }

  connectedCallback() {
    if (!this._shadow.firstChild) this._dress();
    each(["strings", "filters"], (name) => this._upgrade(name));
    this._listen();
    this._build();
    each(this._waiting, (call) => call());
    this._waiting = [];
    this._emit("ready");
  }

  disconnectedCallback() {
    this._talk._stop();
    if (this._made) this._made._leave();
    if (this._listening) this._listening.abort();
    this._listening = null;
    this._isOpen = false;
  }

  /** @param {string} name @param {string | null} old @param {string | null} value */
  attributeChangedCallback(name, old, value) {
    if (!this._listening || old === value) return;
    if (LOOKS.includes(name)) this._look();
    else this._build();
  }

  // what the host page may call

  open() {
    this._whenReady(() => this._open());
  }

  close() {
    this._whenReady(() => this._close());
  }

  toggle() {
    this._whenReady(() => (this._isOpen ? this._close() : this._open()));
  }

  /** @param {string} text */
  ask(text) {
    this._whenReady(() => this._open() && this._talk._ask(String(text)));
  }

  stop() {
    this._talk._stop();
  }

  clear() {
    this._whenReady(() => this._panel._clear());
  }

  focusInput() {
    this._whenReady(() => this._open() && this._panel._composer._focus());
  }

  get state() {
    return this._talk._state;
  }

  get messages() {
    return parse(json(this._talk._turns));
  }

  /** @returns {Strings} */
  get strings() {
    return this._own;
  }

  set strings(own) {
    this._own = own || {};
    if (this._listening) this._build();
  }

  get filters() {
    return this._filters || parse(this._get("filters")) || null;
  }

  set filters(filters) {
    this._filters = filters;
  }

  // the rest is ours

  /** The window, made when it is first needed: until then a page pays for the launcher alone. */
  get _panel() {
    if (this._made) return this._made;
    if (this._shadow.firstChild === this._root) adopt(this._shadow, panelCss);
    this._made = new Panel(this);
    this._listenFor(this._made);
    return this._made;
  }

  /** @param {string} name */
  _get(name) {
    return this.getAttribute(name);
  }

  get _mode() {
    const mode = this._get("mode");
    return mode === "bubble" || mode === "page" ? mode : "inline";
  }

  get _api() {
    return (this._get("api") || origin.base).replace(/\/+$/, "");
  }

  /** @param {() => void} call */
  _whenReady(call) {
    if (this._listening) call();
    else push(this._waiting, call);
  }

  /** Takes a property that was set before the element was defined. @param {string} name */
  _upgrade(name) {
    if (!Object.prototype.hasOwnProperty.call(this, name)) return;
    const self = /** @type {any} */ (this);
    const value = self[name];
    delete self[name];
    self[name] = value;
  }

  /**
   * Tells the host page; returns false where it declines.
   * @param {string} name
   * @param {object} [detail]
   * @param {boolean} [cancelable]
   */
  _emit(name, detail, cancelable) {
    const how = { detail, cancelable, bubbles: true, composed: true };
    return this.dispatchEvent(new CustomEvent(`bulletin:${name}`, how));
  }

  /** Puts the styles of the launcher on; all of them where a browser has no constructed sheets. */
  _dress() {
    try {
      adopt(this._shadow, launcherCss);
    } catch {
      this._shadow.appendChild(
        origin.nonce
          ? h("style", { nonce: origin.nonce, text: launcherCss + panelCss })
          : h("link", { rel: "stylesheet", href: `${this._api}/widget/1/widget.css` }),
      );
    }
    this._shadow.appendChild(this._root);
  }

  /**
   * Hears events of the page for as long as the element is on it.
   * @param {EventTarget} target
   * @param {string} names
   * @param {(event: any) => void} heard
   */
  _on(target, names, heard) {
    const { signal } = /** @type {AbortController} */ (this._listening);
    each(names.split(" "), (name) => target.addEventListener(name, heard, { signal }));
  }

  _listen() {
    this._listening = new AbortController();
    if (this._made) this._listenFor(this._made);
    this._on(DARK, "change", () => this._look());
    this._on(window, "keydown", (event) => this._hotkey(event));
    this._on(window, "hashchange", () => {
      if (this._get("open-on") === "hash" && location.hash === "#bulletin") this._open();
    });
  }

  /** Hears what only the window heeds. @param {Panel} panel */
  _listenFor(panel) {
    if (!this._listening) return;
    this._on(matchMedia(FULL), "change", () => panel._fit());
    this._on(visualViewport || window, "resize scroll", () => panel._fitView());
    this._on(window, "online offline", () => panel._composer._offline());
    this._on(window, "popstate", () => panel._popped());
  }

  /** Makes the nodes anew from the settings and the conversation. */
  _build() {
    const told = parse(this._get("strings")) || this._fetched;
    this._voice = createVoice(langOf(this), { ...told, ...this._own });
    const isBubble = this._mode === "bubble";
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    if (this._made) this._made._leave();
    this._root.textContent = "";
    this._root.lang = this._voice.lang;
    this._root.title = ""; // the host's own title is not to appear as a tooltip
    this._look();
    if (isBubble) {
      const name = this._title;
      this._root.setAttribute("role", "region");
      this._root.setAttribute("aria-label", name);
      this._launcher = h(
        "button",
        {
          part: "launcher",
          "aria-expanded": "false",
          "aria-controls": "panel",
          hidden: this._get("open-on") === "never",
          click: () => this.toggle(),
        },
        [icon(ICONS.ask), h("span", { text: name })],
      );
      this._root.appendChild(this._launcher);
    } else this._root.removeAttribute("role");
    if (!isBubble) this._start();
    else if (this._isOpen) {
      this._reveal();
      if (focused !== this) focused.focus();
    }
  }

  /** Says something in the language of the page. @param {string} key @param {Record<string, string | number>} [values] */
  _say(key, values) {
    return this._voice.say(key, values);
  }

  get _title() {
    return this._get("title") || this._say("launcher");
  }

  /** Applies what only changes looks. */
  _look() {
    const root = this._root;
    const theme = this._get("theme");
    const isDark =
      theme === "dark" || (theme !== "light" && DARK.matches);
    root.className =
      `root${isDark ? " dark" : ""}` +
      (this._get("density") === "large" ? " large" : "") +
      (this._get("position") === "start" ? " start" : "");
    const offset = this._get("offset") || "20";
    root.style.setProperty("--offset", /^\d+$/.test(offset) ? `${offset}px` : offset);
    const zIndex = this._get("z-index");
    if (zIndex) root.style.setProperty("--bulletin-z", zIndex);
    this._colour();
  }

  /** Makes the accent legible on the ground, and text legible on the accent; styles are read once. */
  _colour() {
    const set = (/** @type {string} */ name, value = "") => this._root.style.setProperty(name, value);
    const own = this._get("accent");
    set("--accent");
    set("--on-accent");
    set("forced-color-adjust", "none"); // the system's colours are not to be mixed
    set("background", "var(--bg)");
    set("color", "var(--accent)");
    if (own) set("color", own); // what is no colour changes nothing
    const told = getComputedStyle(this._root);
    const ground = readColour(told.backgroundColor);
    let accent = readColour(told.color);
    if (!accent) {
      set("color", `color-mix(in srgb, ${own}, ${own})`);
      accent = readColour(told.color);
    }
    set("forced-color-adjust");
    set("background");
    set("color");
    if (!ground || !accent) return;
    const fit = legible(accent, ground);
    set("--accent", fit.accent);
    set("--on-accent", fit.on);
  }

  /** Asks the service for its settings and the host for its words, once, when first needed. */
  async _start() {
    this._talk._restore();
    if (!this._panel._box.parentNode) this._root.appendChild(this._panel._make());
    this._panel._fill();
    if (this._configured) return;
    this._configured = true;
    const words = this._get("strings") || "";
    if (/^[^{\s]/.test(words)) {
      this._fetched = await getJson(words);
      this._build();
    }
    this._talk._config = await getJson(`${this._api}/api/v1/config`);
    this._panel._configured();
  }

  _open() {
    if (this._isOpen || this._mode !== "bubble") return true;
    if (!this._emit("open", undefined, true)) return false;
    this._isOpen = true;
    this._before = this._shadow.activeElement || document.activeElement;
    this._reveal();
    return true;
  }

  _reveal() {
    this._launcher.setAttribute("aria-expanded", "true");
    this._colour();
    this._start();
    this._panel._open();
  }

  _close() {
    if (!this._isOpen || !this._emit("close", undefined, true)) return;
    this._isOpen = false;
    this._launcher.setAttribute("aria-expanded", "false");
    this._panel._close();
    const back = this._launcher.hidden ? this._before : this._launcher;
    if (back instanceof HTMLElement) back.focus();
  }

  /** Opens or closes on the host's chosen keys, which must include a modifier. @param {KeyboardEvent} event */
  _hotkey(event) {
    const wanted = (this._get("hotkey") || "").toLowerCase();
    const pressed =
      (event.ctrlKey ? "ctrl+" : "") +
      (event.altKey ? "alt+" : "") +
      (event.metaKey ? "meta+" : "") +
      (event.shiftKey ? "shift+" : "") +
      String(event.key).toLowerCase(); // browsers that fill in a form tell of no key
    if (pressed !== wanted || !/^(ctrl|alt|meta)\+/.test(wanted)) return;
    event.preventDefault();
    this.toggle();
  }
}
