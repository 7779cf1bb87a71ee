import { json, parse } from "./dom.js";

const FORMAT = 1;

/**
 * Returns where a conversation is kept; where the browser blocks it, nowhere.
 * @param {string} key
 * @param {string | null} persist session (the default), local or none
 */
export function createStore(key, persist) {
  const name = `bulletin:v1:${key}`;

  /** @param {(storage: Storage) => any} work */
  function attempt(work) {
    try {
      return persist === "none" ? null : work(persist === "local" ? localStorage : sessionStorage);
    } catch {
      return null;
    }
  }

  return {
    /** @returns {{ turns: Turn[], draft: string } | null} */
    load() {
      const kept = parse(attempt((storage) => storage.getItem(name)));
      return kept && kept.v === FORMAT && Array.isArray(kept.turns) ? kept : null;
    },
    /** @param {Turn[]} turns @param {string} draft */
    save(turns, draft) {
      attempt((storage) => {
        if (turns.length || draft) storage.setItem(name, json({ v: FORMAT, turns, draft }));
        else storage.removeItem(name);
      });
    },
  };
}
