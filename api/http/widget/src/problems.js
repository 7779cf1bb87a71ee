import { WORDS } from "./strings.js";

/** What codes of the API are called in `state` and in our words, where it is not the code itself. */
/** @type {Record<string, string>} */
const NAMES = {
  origin_not_allowed: "forbidden",
  index_not_ready: "not_ready",
  overloaded: "not_ready",
  invalid_request: "invalid",
  validation_failed: "invalid",
  body_too_large: "invalid",
};

/**
 * Returns what a problem is called; `offline` (the network), `cut` (a stream that ended too early)
 * and `timeout` are ours, and what has no name is an `error`.
 * @param {Problem | undefined} problem
 */
export function nameOf(problem) {
  const code = problem ? problem.code : "";
  const name = NAMES[code] || code;
  return WORDS[`e_${name}`] ? name : "error";
}

/**
 * Returns a problem object of the API as ours.
 * @param {any} told
 * @param {Response} [response]
 * @returns {Problem}
 */
export function problemOf(told, response) {
  const body = told || {};
  const header = (/** @type {string} */ name) => response && response.headers.get(name);
  const status = response ? response.status : 0; // of a proxy that answers in place of the API
  const seconds = Number(body.retry_after || header("Retry-After")) || 0;
  return {
    code: String(
      (body.error || {}).code ||
        (status === 429 ? "rate_limited" : status === 403 ? "forbidden" : status > 501 && "overloaded"),
    ),
    requestId: String(body.request_id || header("X-Request-ID") || ""),
    retryAt: seconds && Date.now() + seconds * 1000,
  };
}
