// The same as a module, for pages that import it: defines the element and does nothing else.
import { BulletinChat, origin } from "./element.js";

origin.base = new URL("../..", import.meta.url).href;
if (!customElements.get("bulletin-chat")) customElements.define("bulletin-chat", BulletinChat);

export { BulletinChat };
