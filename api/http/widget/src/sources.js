import { add, each, h } from "./dom.js";
import { findOnPage, showOnPage } from "./here.js";
import { marked } from "./prose.js";
import { safeUrl } from "./transport.js";

/** @typedef {import("./element.js").BulletinChat} BulletinChat */
/** @typedef {import("./dom.js").Child} Child */

/**
 * Returns words of the bulletin, in its language.
 * @param {string | null | undefined} text
 */
export const printed = (text) => (text ? h("bdi", { lang: "zh-Hans", text }) : null);

/** The citations of one answer: markers in the text, and a card for each below it. */
export class Sources {
  /** @param {BulletinChat} chat @param {Turn} turn */
  constructor(chat, turn) {
    this._chat = chat;
    this._turn = turn;
    /** Each by the number of its citation. @type {Map<number, HTMLElement>} */
    this._markers = new Map();
    /** @type {Map<number, { row: HTMLElement, card: HTMLElement }>} */
    this._cards = new Map();
  }

  /** @param {Citation} citation @returns {Source | undefined} */
  _of(citation) {
    /** @type {Source | undefined} */
    let found;
    each(this._turn.answer.sources, (source) => {
      if (source.id === citation.source) found = source;
    });
    return found;
  }

  /** @param {Source | undefined} source */
  _title(source) {
    const title = source?.title;
    const chat = this._chat;
    return title ? chat._say("title", { title }) : chat._say("untitled");
  }

  /** Returns the day of an issue, else its id. @param {About} source */
  _issue(source) {
    return this._chat._voice.date(source.issue_date) || source.issue;
  }

  /**
   * Returns publication, number, issue and page of a source, what of them is known, and the day that the article is of, where that is
   * another than the issue's; what is printed in the language of the print.
   * @param {About | undefined} source
   */
  _about(source) {
    const line = h("span");
    if (!source) return line;
    const chat = this._chat;
    const n = source.number;
    const issue = this._issue(source);
    const day = chat._voice.date(source.date);
    each(
      [
        printed(source.publication),
        n && (/^\d+$/.test(n) ? chat._say("number", { n }) : printed(n)),
        issue,
        printed(source.section),
        day && day !== issue && chat._say("day", { day }),
      ],
      (part) => part && add(line, [line.firstChild && " · ", part]),
    );
    return line;
  }

  /** Returns a citation on one line. @param {Citation} citation */
  _line(citation) {
    const source = this._of(citation);
    const url = safeUrl(citation.url || source?.url, this._chat._api);
    return `${this._title(source)} ${this._about(source).textContent}${url ? ` ${url.href}` : ""}`;
  }

  /** Returns the button in the text that leads to a card. @param {Citation} citation */
  _marker(citation) {
    const source = this._of(citation);
    const chat = this._chat;
    const name = `${chat._say("source", { n: citation.n })}: ${this._title(source)}${source ? `, ${this._issue(source)}` : ""}`;
    const marker = h("button", {
      part: "marker",
      "aria-label": name,
      "aria-expanded": "false",
      text: citation.n,
      click: () => this._show(citation),
    });
    this._markers.set(citation.n, marker);
    return marker;
  }

  /** Returns the list of cards, or nothing where nothing is cited. */
  _make() {
    const { citations } = this._turn.answer;
    if (!citations.length) return null;
    const list = h("ol", { class: "cards", role: "list" });
    each(citations, (citation) => add(list, [this._card(citation)]));
    return this._chat._panel._section("sources", list);
  }

  /** @param {Citation} citation */
  _card(citation) {
    const source = this._of(citation);
    const card = h("div", { part: "source", hidden: true });
    const row = h(
      "button",
      {
        class: "row",
        "aria-expanded": "false",
        click: () => this._fold(citation, !!card.hidden),
      },
      [
        h("span", { class: "n", text: citation.n }),
        h("span", null, [
          h("bdi", { class: "name", lang: source?.title && source.lang, text: this._title(source) }),
          h("span", { class: "small" }, [this._about(source)]),
        ]),
      ],
    );
    this._cards.set(citation.n, { row, card });
    return h("li", null, [row, card]);
  }

  /** Fills a card when it is first opened. @param {Citation} citation @param {HTMLElement} card */
  _fillCard(citation, card) {
    if (card.firstChild) return;
    const chat = this._chat;
    const panel = chat._panel;
    const source = this._of(citation);
    const quoteLang = String(citation.quote_lang || "").slice(0, 2);
    const isForeign = quoteLang !== chat._voice.lang.slice(0, 2);
    const copy = h(
      "button",
      { click: () => panel._copy(`${citation.quote} — ${this._line(citation)}`, copy) },
      [h("span", { text: chat._say("copy_citation") })],
    );
    add(card, [
      isForeign && h("p", { class: "small", text: chat._say("original") }),
      h("blockquote", { part: "quote", lang: citation.quote_lang }, [
        h("bdi", null, marked(String(citation.quote), citation.marks)),
      ]),
      h("div", { class: "acts" }, [
        this._link(citation.url || source?.url, null, citation),
        copy,
        h("button", { text: chat._say("back"), click: () => this._back(citation) }),
      ]),
    ]);
  }

  /**
   * Returns a link to a place in the bulletin, or what it shows where the address is none to follow.
   * @param {string | undefined} address
   * @param {Child} shown
   * @param {Citation} [citation]
   */
  _link(address, shown, citation) {
    const chat = this._chat;
    const url = safeUrl(address, chat._api);
    if (!url) return shown;
    const here = citation && findOnPage(citation, url);
    if (citation && citation.url_fragment && !here && /^:~:text=/.test(citation.url_fragment))
      url.hash = (url.hash || "#") + citation.url_fragment;
    const target = chat._get("link-target") || "_blank";
    const isNew = target === "_blank" && !here;
    return h(
      "a",
      {
        href: url.href,
        target: !here && target,
        rel: "noopener noreferrer",
        click: /** @type {EventListener} */ (
          (event) => {
            if (citation && !this._announce(citation)) event.preventDefault();
            else if (here) {
              event.preventDefault();
              chat._panel._stepAside(() => showOnPage(here, citation.quote));
            }
          }
        ),
      },
      [
        shown || chat._say(here ? "here" : "read"),
        isNew && h("span", { class: "vh", text: ` ${chat._say("new_tab")}` }),
      ],
    );
  }

  /** Tells the host page; false where it shows the source itself. @param {Citation} citation */
  _announce(citation) {
    return this._chat._emit("citation", { citation, source: this._of(citation) }, true);
  }

  /** @param {Citation} citation */
  _show(citation) {
    if (this._announce(citation)) this._fold(citation, true);
  }

  /** Opens or closes a card; the focus goes to its row. @param {Citation} citation @param {boolean} isOpen */
  _fold(citation, isOpen) {
    const { n } = citation;
    const found = this._cards.get(n);
    if (!found) return;
    const { row, card } = found;
    this._fillCard(citation, card);
    card.hidden = !isOpen;
    each([row, this._markers.get(n)], (one) => one?.setAttribute("aria-expanded", String(isOpen)));
    row.focus();
    card.scrollIntoView({ block: "nearest" });
  }

  /** Goes back to where the text cites it. @param {Citation} citation */
  _back(citation) {
    this._fold(citation, false);
    this._focus(citation.n);
  }

  /** Returns the number of the marker that has the focus, or 0. */
  _focused() {
    let found = 0;
    const active = this._chat._shadow.activeElement;
    this._markers.forEach((marker, n) => {
      if (marker === active) found = n;
    });
    return found;
  }

  /** @param {number} n */
  _focus(n) {
    this._markers.get(n)?.focus();
  }
}
