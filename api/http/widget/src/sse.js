import { parse } from "./dom.js";

/**
 * Returns a reader of server-sent events, fed with bytes cut anywhere.
 *
 * Lines end with LF, CR or CRLF; comments, unknown fields and data that is not JSON are passed over.
 * `end` gives an event whose closing blank line is missing.
 * @param {(event: string, data: any) => void} onEvent
 */
export function createParser(onEvent) {
  const decoder = new TextDecoder();
  let line = "";
  let event = "";
  let data = "";
  let sawCr = false;

  function finishEvent() {
    const value = data && parse(data);
    if (value && typeof value === "object") onEvent(event || "message", value);
    event = data = "";
  }

  function finishLine() {
    const colon = line.indexOf(":");
    if (!line) finishEvent();
    else if (colon) {
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
      if (field === "event") event = value;
      else if (field === "data") data += (data && "\n") + value;
    }
    line = "";
  }

  /** @param {string} text */
  function take(text) {
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      const char = text[i];
      if (char !== "\n" && char !== "\r") {
        sawCr = false;
        continue;
      }
      if (char === "\n" && sawCr) {
        sawCr = false;
        start = i + 1;
        continue;
      }
      line += text.slice(start, i);
      start = i + 1;
      sawCr = char === "\r";
      finishLine();
    }
    line += text.slice(start);
  }

  return {
    /** @param {Uint8Array} bytes */
    feed(bytes) {
      take(decoder.decode(bytes, { stream: true }));
    },
    end() {
      take(decoder.decode());
      if (line) finishLine();
      finishEvent();
    },
  };
}
