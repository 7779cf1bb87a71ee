// Nodes are only ever made one by one: nothing here parses markup, so a strict policy has nothing
// to block. Arrays are walked by index, because host pages replace methods of Array.prototype.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | EventListener>} Props */

/**
 * Visits each element in order.
 * @template T
 * @param {ArrayLike<T> | null | undefined} list
 * @param {(item: T, index: number) => void} visit
 */
export function each(list, visit) {
  const n = list ? list.length : 0;
  for (let i = 0; i < n; i++) visit(/** @type {ArrayLike<T>} */ (list)[i], i);
}

/**
 * Adds an element at the end.
 * @template T
 * @param {T[]} list
 * @param {T} item
 */
export function push(list, item) {
  list[list.length] = item;
}

/**
 * Returns a new element, a button one that submits nothing: functions are listeners of the event they are named after, `text` is its
 * text, `part` its class too, `label` its name and tooltip, true an empty attribute; false, null and undefined leave the attribute out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} [props]
 * @param {Child[]} [children]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props, children) {
  const node = document.createElement(tag);
  if (tag === "button") node.setAttribute("type", tag);
  each(Object.keys(props || {}), (name) => {
    const value = /** @type {Props} */ (props)[name];
    if (typeof value === "function") node.addEventListener(name, value);
    else if (name === "text") node.textContent = String(value);
    else if (name === "part") node.className = /** @type {string} */ (node.part.value = String(value));
    else if (name === "label") node.setAttribute("aria-label", (node.title = String(value)));
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, String(value));
  });
  add(node, children);
  return node;
}

/**
 * Appends children to a node.
 * @param {Node} node
 * @param {Child[]} [children]
 */
export function add(node, children) {
  each(children, (child) => {
    if (child) node.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  });
}

/**
 * Replaces what a node holds.
 * @param {Node} node
 * @param {Child[]} [children]
 */
export function fill(node, children) {
  node.textContent = "";
  add(node, children);
}

/**
 * Returns a decorative icon of 24 units drawn with one stroked path.
 * @param {string} path
 */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.appendChild(line);
  return svg;
}

export const ICONS = {
  ask: "M4 5h16v11H9l-5 4zM8 9h8M8 12.5h5",
  close: "M6 6l12 12M18 6L6 18",
  clear: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  up: "M8 20V10l4-7c2 0 3 1 2 4l-1 2h7l-2 11zM4 10v10",
  down: "M8 4v10l4 7c2 0 3-1 2-4l-1-2h7L18 4zM4 14V4",
};

/**
 * Returns a function from an offset in code points to one in the string.
 * @param {string} text
 */
export function indexer(text) {
  /** @type {number[]} */
  const at = [];
  for (let i = 0; i < text.length; i += /** @type {number} */ (text.codePointAt(i)) > 0xffff ? 2 : 1)
    push(at, i);
  return (/** @type {number} */ n) => (n < 0 ? 0 : n < at.length ? at[n] : text.length);
}

/**
 * Returns plain data as JSON. The host's `toJSON` on built-in prototypes, which JSON.stringify
 * would call, is not.
 * @param {any} value
 * @returns {string}
 */
export function json(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value) || "null";
  const isList = Array.isArray(value);
  let out = "";
  each(isList ? value : Object.keys(value), (item) => {
    const held = isList ? item : value[item];
    if (held === undefined) return;
    out += (out && ",") + (isList ? "" : JSON.stringify(item) + ":") + json(held);
  });
  return isList ? `[${out}]` : `{${out}}`;
}

/**
 * Returns JSON as a value, or undefined where it is none.
 * @param {string | null | undefined} text
 */
export function parse(text) {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Puts a constructed sheet on, which no policy blocks; throws where the browser has none.
 * @param {DocumentOrShadowRoot} scope
 * @param {string} css
 */
export function adopt(scope, css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  /** @type {CSSStyleSheet[]} */
  const sheets = [];
  each(scope.adoptedStyleSheets, (one) => push(sheets, one));
  push(sheets, sheet);
  scope.adoptedStyleSheets = sheets;
}
