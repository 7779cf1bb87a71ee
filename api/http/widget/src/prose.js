// The text of an answer as nodes: printed words, our own words between them, numbered markers.
import { add, each, h, indexer, push } from "./dom.js";

/**
 * Returns a text with some of its stretches marked.
 * @param {string} text
 * @param {Span[] | undefined} marks in code points
 */
export function marked(text, marks) {
  const at = indexer(text);
  /** @type {(Node | string)[]} */
  const parts = [];
  let done = 0;
  each(Array.isArray(marks) ? marks : [], (mark) => {
    const start = at(mark.start);
    const end = at(mark.end);
    if (start < done || end <= start) return;
    push(parts, text.slice(done, start));
    push(parts, h("mark", { text: text.slice(start, end) }));
    done = end;
  });
  push(parts, text.slice(done));
  return parts;
}

/**
 * Returns the paragraphs of an answer, one a line of its text.
 * @param {Answer} answer
 * @param {(citation: Citation) => HTMLElement} makeMarker
 * @param {boolean} isOpen whether what stands after the last marker was yet to get one
 */
export function paragraphs(answer, makeMarker, isOpen) {
  const { text, citations } = answer;
  const at = indexer(text);
  /** @type {HTMLElement[]} */
  const made = [];
  let from = 0;
  each(text.split("\n"), (line) => {
    const p = h("p");
    let done = from;
    const to = from + line.length;
    each(citations, (citation) => {
      const start = at(citation.marker?.start);
      const end = at(citation.marker?.end);
      if (!(start >= done && end <= to && end > start)) return;
      claim(p, text.slice(done, start), citation, answer, at(citation.claim.start) - done);
      setMarker(p, makeMarker(citation));
      done = end;
    });
    const rest = text.slice(done, to);
    add(p, [isOpen && answer.sources.length ? h("span", { class: "claim", text: rest }) : rest]);
    if (p.firstChild) push(made, p);
    from = to + 1;
  });
  return made;
}

/**
 * Adds the words before a marker: what is printed in the type and language of print.
 * @param {HTMLElement} p
 * @param {string} words
 * @param {Citation} citation
 * @param {Answer} answer
 * @param {number} start where in the words the claim begins
 */
function claim(p, words, citation, answer, start) {
  const begin = start > 0 && start < words.length ? start : 0;
  const printed = words.slice(begin);
  const isWhole = printed === citation.quote;
  add(p, [
    words.slice(0, begin),
    h(
      "span",
      { class: "claim", lang: citation.quote_lang !== answer.lang && citation.quote_lang },
      isWhole ? marked(printed, citation.marks) : [printed],
    ),
  ]);
}

/**
 * Adds a marker that no line break parts from the character before it.
 * @param {HTMLElement} p
 * @param {HTMLElement} marker
 */
function setMarker(p, marker) {
  const words = p.lastChild;
  const text = words && words.lastChild;
  if (words && text && text.nodeType === Node.TEXT_NODE && text.nodeValue) {
    const held = text.nodeValue;
    const cut = held.length - (/[\uDC00-\uDFFF]$/.test(held) ? 2 : 1);
    text.nodeValue = held.slice(0, cut);
    add(words, [h("span", { class: "nb" }, [held.slice(cut), marker])]);
  } else add(p, [marker]);
}

/**
 * Returns a text with its markers replaced.
 * @param {Answer} answer
 * @param {(citation: Citation) => string} name
 */
export function withMarkers(answer, name) {
  const at = indexer(answer.text);
  let told = "";
  let done = 0;
  each(answer.citations, (citation) => {
    const start = at(citation.marker?.start);
    if (!(start >= done)) return;
    told += answer.text.slice(done, start) + name(citation);
    done = at(citation.marker.end);
  });
  return told + answer.text.slice(done);
}
