import { json, parse } from "./dom.js";
import { problemOf } from "./problems.js";
import { createParser } from "./sse.js";

const STALL_MS = 30000;

/**
 * Posts JSON to the service.
 * @param {string} url
 * @param {object} body
 * @param {RequestInit} [how]
 */
const post = (url, body, how) =>
  fetch(url, { method: "POST", body: json(body), credentials: "omit", ...how });

/**
 * Asks a question; resolves with the answer, after the events before it.
 * @param {string} api
 * @param {object} body
 * @param {{ lang: string, control: AbortController, onEvent: (event: string, data: any) => void }} how
 * @returns {Promise<{ answer?: Answer, problem?: Problem }>} neither where the reader stopped it
 */
export async function ask(api, body, { lang, control, onEvent }) {
  const { signal } = control;
  let isStalled = false;
  let timer = 0;
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isStalled = true;
      control.abort();
    }, STALL_MS);
  };
  alive();
  try {
    const response = await post(`${api}/api/v1/chat`, body, {
      headers: {
        "Content-Type": "application/json",
        Accept: "text/event-stream",
        "Accept-Language": lang,
      },
      signal,
    });
    if (!response.ok) return { problem: problemOf(parse(await response.text()), response) };
    return await follow(response, onEvent, alive);
  } catch {
    return signal.aborted && !isStalled ? {} : { problem: { code: isStalled ? "timeout" : "offline" } };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Reads a stream to its terminal event.
 * @param {Response} response
 * @param {(event: string, data: any) => void} onEvent
 * @param {() => void} alive
 * @returns {Promise<{ answer?: Answer, problem?: Problem }>}
 */
async function follow(response, onEvent, alive) {
  /** @type {{ answer?: Answer, problem?: Problem } | undefined} */
  let end;
  const parser = createParser((event, data) => {
    if (end) return;
    if (event === "done") {
      const answer = checked(data.answer);
      end = answer ? { answer } : { problem: { code: "internal" } };
    } else if (event === "error") end = { problem: problemOf(data) };
    else onEvent(event, data);
  });
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  while (!end) {
    const { done, value } = await reader.read();
    alive();
    if (done) {
      parser.end();
      break;
    }
    parser.feed(value);
  }
  reader.cancel().catch(() => {});
  return end || { problem: { code: "cut" } };
}

/**
 * Returns an answer whose lists are lists, whatever the server left out; undefined for none.
 * @param {any} told
 * @returns {Answer | undefined}
 */
export function checked(told) {
  const list = (/** @type {any} */ value) => (Array.isArray(value) ? value : []);
  if (told && typeof told.text === "string")
    return { ...told, citations: list(told.citations), sources: list(told.sources) };
  return undefined;
}

/**
 * Returns the JSON at an address, or an empty object where it cannot be had.
 * @param {string} url
 * @returns {Promise<any>}
 */
export async function getJson(url) {
  try {
    return (await (await fetch(url, { credentials: "omit" })).json()) || {};
  } catch {
    return {};
  }
}

/**
 * Returns whether the reader's judgment of an answer was taken.
 * @param {string} api
 * @param {string} id
 * @param {"up" | "down"} value
 */
export async function sendFeedback(api, id, value) {
  try {
    const headers = { "Content-Type": "application/json" };
    const body = { answer_id: id, value };
    return (await post(`${api}/api/v1/feedback`, body, { headers, keepalive: true })).ok;
  } catch {
    return false;
  }
}

/**
 * Returns an address of the service as an absolute one, or null where it is not http or https.
 * @param {unknown} url
 * @param {string} api
 */
export function safeUrl(url, api) {
  try {
    const found = new URL(String(url), `${api}/`);
    return url && /^https?:$/.test(found.protocol) ? found : null;
  } catch {
    return null;
  }
}
