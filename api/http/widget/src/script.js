// The classic script: defines the element, and puts a launcher on the page as the tag says.
import { BulletinChat, origin, SETTINGS } from "./element.js";
import { each } from "./dom.js";

const tag = /** @type {HTMLScriptElement | null} */ (document.currentScript);

/** Gives the page's waiting calls the element: `(window.bulletin ||= []).push(chat => …)`. @param {BulletinChat} chat */
function answerQueue(chat) {
  const page = /** @type {any} */ (window);
  const waiting = page.bulletin;
  page.bulletin = { push: (/** @type {(chat: BulletinChat) => void} */ call) => call(chat) };
  if (Array.isArray(waiting)) each(waiting, page.bulletin.push);
}

function start() {
  /** @type {BulletinChat | null} */
  let chat = document.querySelector("bulletin-chat");
  if (!chat && tag) {
    chat = /** @type {BulletinChat} */ (document.createElement("bulletin-chat"));
    chat.setAttribute("mode", "bubble");
    const made = chat;
    each(SETTINGS, (name) => {
      const value = tag.getAttribute(`data-${name}`);
      if (value !== null) made.setAttribute(name, value);
    });
    document.body.appendChild(made);
  }
  if (chat) answerQueue(chat);
}

if (!customElements.get("bulletin-chat")) {
  if (tag) {
    origin.base = new URL("../..", tag.src).href;
    origin.nonce = tag.nonce || "";
  }
  customElements.define("bulletin-chat", BulletinChat);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
