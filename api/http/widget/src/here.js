// A source that is printed on the very page the widget stands on.
import { adopt, push } from "./dom.js";

const HIGHLIGHT = "bulletin-quote";

/**
 * Returns the element of this page that holds what is cited, or null.
 *
 * It is the one that names the passage in `data-bulletin-passage`, else, where the page is the
 * article's own, the one that the address points to.
 * @param {Citation} citation
 * @param {URL} url
 * @returns {HTMLElement | null}
 */
export function findOnPage(citation, url) {
  const passage = citation.location?.passage_id;
  const named =
    passage && document.querySelector(`[data-bulletin-passage="${CSS.escape(String(passage))}"]`);
  if (named) return /** @type {HTMLElement} */ (named);
  if (url.origin !== location.origin || url.pathname !== location.pathname) return null;
  return document.getElementById(url.hash.slice(1)) || document.body;
}

/**
 * Scrolls to a quote on this page, marks it and moves the focus there.
 * @param {HTMLElement} element
 * @param {string} quote
 */
export function showOnPage(element, quote) {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "center", behavior: isStill ? "auto" : "smooth" });
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  const range = rangeOf(element, quote);
  if (range) mark(range);
}

/**
 * Returns where in an element a text stands, white space aside.
 * @param {HTMLElement} element
 * @param {string} quote
 */
function rangeOf(element, quote) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  /** @type {{ node: Node, at: number }[]} */
  const places = [];
  let seen = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.nodeValue || "";
    for (let at = 0; at < text.length; at++) {
      if (/\s/.test(text[at])) continue;
      seen += text[at];
      push(places, { node, at });
    }
  }
  const wanted = quote.replace(/\s+/g, "");
  const start = wanted ? seen.indexOf(wanted) : -1;
  if (start < 0) return null;
  const first = places[start];
  const last = places[start + wanted.length - 1];
  const range = document.createRange();
  range.setStart(first.node, first.at);
  range.setEnd(last.node, last.at + 1);
  return range;
}

let isStyled = false;

/**
 * Marks a stretch of the page without touching its nodes; by selecting it where browsers cannot.
 * @param {Range} range
 */
function mark(range) {
  try {
    CSS.highlights.set(HIGHLIGHT, new Highlight(range));
    if (isStyled) return;
    adopt(document, `::highlight(${HIGHLIGHT}){background:#fbe9a9;color:#111}`);
    isStyled = true;
  } catch {
    const selection = getSelection();
    if (selection) {
      selection.removeAllRanges();
      selection.addRange(range);
    }
  }
}
