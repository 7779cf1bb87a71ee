// Answers questions without loading the page anew. All that is shown is made node by node, as text;
// the address always holds the conversation, so that a reload, a bookmark or Back gives it again.

const MAX_TURNS = 20;
const MAX_HISTORY_CHARS = 20000;
const MAX_IN_ADDRESS = 6;

const words = JSON.parse(document.getElementById("words").textContent);
const uiLang = document.documentElement.lang;
const form = document.getElementById("ask");
const box = document.getElementById("q");
const button = form.querySelector("button");
const turns = document.getElementById("turns");
const said = document.getElementById("said");
const chosen = new URLSearchParams(location.search).get("lang");
let asking = null; // what aborts the question under way

/** Return a new element; attributes that are null are left out, children are nodes or text. */
function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value != null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child != null));
  return made;
}

/** Return the address of a page of ours, the reader's language kept. */
function local(url) {
  const there = new URL(url, location.href);
  if (chosen) there.searchParams.set("lang", chosen);
  return there.pathname + there.search.replaceAll("%2C", ",") + there.hash;
}

// ---- an answer's parts, as the server's templates make them

/** Return printed words, marked where `marks` says; offsets count code points. */
function printed(text, marks) {
  const points = Array.from(text);
  const out = [];
  let done = 0;
  for (const { start, end } of [...marks].sort((a, b) => a.start - b.start)) {
    if (start < done || end <= start) continue;
    out.push(points.slice(done, start).join(""), h("mark", {}, points.slice(start, end).join("")));
    done = end;
  }
  out.push(points.slice(done).join(""));
  return out.filter((piece) => piece !== "");
}

function cite(at, n) {
  const label = `${words.source} ${n}`;
  return h("a", { class: "cite", href: `#s${at}-${n}`, lang: uiLang, "aria-label": label }, String(n));
}

function linesOf(answer, at) {
  const text = Array.from(answer.text);
  const part = (start, end) => text.slice(start, end).join("");
  const lines = [[]];
  const own = (said) => said.split("\n").forEach((piece, n) => {
    if (n) lines.push([]);
    if (piece) lines.at(-1).push(h("span", { class: "own" }, piece));
  });
  let done = 0;
  for (const { claim, marker, marks, n, quote, quote_lang: lang } of answer.citations) {
    own(part(done, claim.start));
    const claimed = part(claim.start, claim.end);
    const shown = printed(claimed, claimed === quote ? marks : []);
    lines.at(-1).push(h("span", { class: "quote", lang }, ...shown));
    own(part(claim.end, marker.start));
    lines.at(-1).push("\u2060", cite(at, n)); // a word joiner: no line begins with a marker
    done = marker.end;
  }
  own(part(done));
  return lines.filter((line) => line.length)
    .map((line) => h("p", { class: "line", lang: answer.lang }, ...line));
}

function headline(url, title, lang) {
  return h("a", { class: "headline", href: local(url) },
    title ? h("span", { lang }, title) : words.no_headline);
}

/** Return the issue of an article: its paper's name, its number, and its day, else its id. */
function issued({ publication, number, issue, issue_date: issueDate }) {
  return [
    publication ? h("span", { lang: "zh" }, publication) : null,
    number ? h("span", { lang: uiLang }, words.no_number.replace("{n}", () => number)) : null,
    h("span", {}, issueDate ?? issue),
  ];
}

/** Return the day that an article is of, where its issue is of another. */
function ownDay({ date, issue_date: issueDate }) {
  return date && date !== issueDate
    ? h("span", { lang: uiLang }, words.own_day, h("time", { datetime: date }, date)) : null;
}

function sourceOf(answer, citation) {
  return answer.sources.find((one) => one.id === citation.source);
}

function cardsOf(answer, at) {
  const text = Array.from(answer.text);
  const cards = answer.citations.map((citation) => {
    const source = sourceOf(answer, citation);
    const claimed = text.slice(citation.claim.start, citation.claim.end).join("");
    const facts = [source.section, source.author].filter((fact) => fact);
    return h("li", { class: "card", id: `s${at}-${citation.n}`, tabindex: -1 },
      h("span", { class: "n", "aria-hidden": "true" }, String(citation.n)),
      headline(citation.url, source.title, source.lang),
      h("p", { class: "about" }, ...issued(source),
        ...facts.map((fact) => h("span", { lang: "zh" }, fact)), ownDay(source)),
      claimed === citation.quote ? null
        : h("blockquote", { lang: citation.quote_lang }, ...printed(citation.quote, citation.marks)));
  });
  return cards.length ? [h("h3", {}, words.sources), h("ol", { class: "cards" }, ...cards)] : [];
}

function conflictsOf(answer, at) {
  if (!answer.conflicts.length) return [];
  const column = (name) => h("th", { scope: "col" }, name);
  const rows = answer.conflicts.map((row) => h("tr", {},
    h("th", { scope: "row" }, ...issued(sourceOf(answer, answer.citations[row.citation - 1]))),
    h("td", {}, h("span", { lang: "zh" }, row.value), cite(at, row.citation))));
  return [h("table", { class: "conflicts" },
    h("caption", {}, words.conflicts),
    h("thead", {}, h("tr", {}, column(words.issue), column(words.value))),
    h("tbody", {}, ...rows))];
}

function closestOf(answer) {
  const near = answer.no_answer?.closest ?? [];
  if (!near.length) return [];
  const cards = near.map((one) => h("li", { class: "card near" },
    headline(one.url, one.title, "zh"),
    h("p", { class: "about" }, ...issued(one), ownDay(one)),
    h("p", { class: "snippet", lang: "zh" }, one.snippet)));
  return [h("h3", {}, words.closest), h("p", { class: "note" }, words.closest_note),
    h("ul", { class: "cards" }, ...cards)];
}

function readingOf(answer) {
  const reading = answer.reading;
  if (!reading) return [];
  const label = (text) => h("span", { class: "label" }, text);
  const carried = reading.carried.join(uiLang === "en" ? ", " : "、");
  return [h("p", { class: "reading" }, label(words.read_as), `${reading.question} `,
    carried ? h("span", { class: "carried" }, label(words.carried), carried) : null)];
}

function followUpsOf(answer) {
  if (!answer.follow_ups.length) return [];
  const links = answer.follow_ups.map((text) =>
    h("li", {}, h("a", { href: address([...asked(), text]), "data-ask": text }, text)));
  return [h("div", { class: "next" }, h("h3", {}, words.follow_ups),
    h("ul", { class: "suggestions" }, ...links))];
}

// ---- the conversation

const asked = () => [...turns.children].filter((turn) => turn.dataset.text)
  .map((turn) => turn.dataset.question);

function address(questions) {
  const query = new URLSearchParams(questions.slice(-MAX_IN_ADDRESS).map((text) => ["q", text]));
  if (chosen) query.set("lang", chosen);
  return `${location.pathname}?${query}#latest`;
}

/** Return what was said so far, as much of its end as a request may hold. */
function history() {
  const told = [...turns.children].filter((turn) => turn.dataset.text).flatMap((turn) => [
    { role: "user", text: turn.dataset.question },
    { role: "assistant", text: turn.dataset.text },
  ]).slice(-MAX_TURNS);
  while (told.reduce((sum, turn) => sum + Array.from(turn.text).length, 0) > MAX_HISTORY_CHARS) {
    told.splice(0, 2);
  }
  return told;
}

/** Yield [event, data] of a stream of server-sent events; pieces may be cut anywhere. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read();
    held = (held + (done ? "\n\n" : value)).replaceAll("\r\n", "\n");
    const blocks = held.split("\n\n");
    held = blocks.pop();
    for (const block of blocks) {
      const fields = block.split("\n").filter((line) => line.startsWith("data:"));
      if (fields.length) {
        const data = JSON.parse(fields.map((line) => line.slice(5)).join("\n"));
        yield [data.type, data];
      }
    }
    if (done) return;
  }
}

function busy(is) {
  button.textContent = is ? words.stop : words.send;
  form.setAttribute("aria-busy", String(is));
}

function show(turn, answer) {
  const at = [...turns.children].indexOf(turn) + 1;
  turn.dataset.text = answer.text;
  turn.replaceChildren(turn.firstElementChild, ...readingOf(answer),
    h("div", { class: `answer ${answer.status}` },
      h("p", { class: "status" }, words[answer.status]), ...linesOf(answer, at)),
    ...conflictsOf(answer, at), ...cardsOf(answer, at), ...closestOf(answer), ...followUpsOf(answer));
  const count = answer.sources.length ? ` ${words.n_sources.replace("{n}", answer.sources.length)}` : "";
  said.textContent = `${words[answer.status]}: ${answer.text}${count}`;
}

function fail(turn, question, told) {
  const again = h("button", { type: "button" }, words.retry);
  again.addEventListener("click", () => { turn.remove(); ask(question); });
  turn.replaceChildren(turn.firstElementChild,
    h("div", { class: "answer failed" }, h("p", {}, told), again));
  said.textContent = told;
}

async function ask(question) {
  const before = history();
  document.querySelectorAll(".turn .next, section.next").forEach((old) => old.remove());
  document.getElementById("latest")?.removeAttribute("id");
  const waiting = h("p", { class: "line" }, words.searching);
  const turn = h("li", { class: "turn", id: "latest", "data-question": question },
    h("h2", { class: "asked" }, h("span", { class: "vh" }, words.asked), question),
    h("div", { class: "answer waiting" }, waiting));
  turns.append(turn);
  said.textContent = words.searching;
  asking?.abort();
  const mine = asking = new AbortController();
  busy(true);
  turn.scrollIntoView({ block: "start" });
  try {
    const reply = await fetch(form.dataset.chat, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": uiLang },
      body: JSON.stringify({ question, history: before, stream: true, client: { name: "page" } }),
      signal: mine.signal,
    });
    if (!reply.ok) throw new Told((await reply.json()).detail);
    await read(reply.body, turn, waiting);
  } catch (error) {
    const stopped = error.name === "AbortError";
    fail(turn, question, error instanceof Told ? error.message : stopped ? words.stopped : words.failed);
  } finally {
    if (asking === mine) {
      asking = null;
      busy(false);
    }
  }
}

/** What the service said of an error, in words for the reader. */
class Told extends Error {}

async function read(body, turn, waiting) {
  let streamed = "";
  for await (const [type, data] of events(body)) {
    if (type === "delta") {
      streamed += data.text;
      waiting.textContent = streamed;
    } else if (type === "error") {
      throw new Told(data.detail);
    } else if (type === "done") {
      show(turn, data.answer);
      window.history.replaceState(null, "", address(asked()));
      document.querySelector(".anew").hidden = false;
      form.querySelector("label").textContent = words.question_next;
      return;
    }
  }
  throw new TypeError("the stream ended early");
}

// ---- typing: Enter sends, Shift+Enter breaks the line, and no Enter that ends a composition sends

let composing = false;
box.addEventListener("compositionstart", () => { composing = true; });
box.addEventListener("compositionend", () => setTimeout(() => { composing = false; }));
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey) return;
  if (composing || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  if (!asking) form.requestSubmit();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (asking) {
    asking.abort();
    return;
  }
  const question = box.value.trim();
  box.value = "";
  if (question) ask(question);
});

turns.addEventListener("click", (event) => {
  const link = event.target.closest("[data-ask]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  ask(link.dataset.ask);
});

// hidden fields are for the page without script: here the conversation is in the list
form.querySelectorAll("input[name=q]").forEach((field) => field.remove());
form.noValidate = true; // an empty box must not bar the button that stops
