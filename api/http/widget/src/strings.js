// What a reader sees or hears, and the choice of its language. `{…}` is filled in; an object gives
// the plural forms.
import { each } from "./dom.js";

/** English, simplified, traditional where it differs. @type {Record<string, Sentence[]>} */
export const WORDS = {
  launcher: ["Ask the bulletin", "问问报纸", "問問報紙"],
  greeting: [
    "Ask about what has been printed. Answers quote it word for word, with the source.",
    "请就报上刊登过的内容提问。回答逐字引用原文，并注明出处。",
    "請就報上刊登過的內容提問。回答逐字引用原文，並註明出處。",
  ],
  close: ["Close", "关闭", "關閉"],
  clear: ["Clear conversation", "清空对话", "清空對話"],
  conversation: ["Conversation", "对话", "對話"],
  asked: ["You asked", "您的提问", "您的提問"],
  answer: ["Answer", "回答"],
  label: ["Your question", "您的问题", "您的問題"],
  placeholder: ["English or 中文", "中文、英文均可"],
  hint: [
    "Enter to send, Shift+Enter for a new line",
    "按 Enter 提问，Shift+Enter 换行",
    "按 Enter 提問，Shift+Enter 換行",
  ],
  send: ["Ask", "提问", "提問"],
  stop: ["Stop answering", "停止回答"],
  suggestions: ["You could ask", "可以这样问", "可以這樣問"],
  searching: ["Searching…", "正在查找…"],
  sources: ["Sources", "来源", "來源"],
  n_sources: [{ one: "{n} source", other: "{n} sources" }, "{n} 处来源", "{n} 處來源"],
  source: ["Source {n}", "来源 {n}", "來源 {n}"],
  read: ["Read the article", "阅读原文", "閱讀原文"],
  here: ["Show on this page", "在本页查看", "在本頁查看"],
  new_tab: ["(new tab)", "（新标签页）", "（新分頁）"],
  back: ["Back to the answer", "返回回答"],
  copy: ["Copy", "复制", "複製"],
  copy_answer: ["Copy the answer", "复制回答", "複製回答"],
  copy_citation: ["Copy the citation", "复制引文", "複製引文"],
  copied: ["Copied", "已复制", "已複製"],
  failed: ["That did not work", "未能完成"],
  up: ["Helpful", "有帮助", "有幫助"],
  down: ["Not helpful", "没有帮助", "沒有幫助"],
  thanks: ["Thank you", "谢谢", "謝謝"],
  untitled: ["(no headline)", "（无标题）", "（無標題）"],
  title: ["{title}", "《{title}》"],
  number: ["no. {n}", "第{n}期"],
  day: ["date in the article: {day}", "文中日期：{day}"],
  original: ["In the original language", "原文"],
  closest: ["Closest passages", "最接近的段落"],
  reading: ["Understood as: {q}", "理解为：{q}", "理解為：{q}"],
  stopped: ["Stopped", "已停止"],
  retry: ["Try again", "重试", "重試"],
  full: ["Cut off at {n} characters", "超出 {n} 字的已截去"],
  chars_left: [
    { one: "{n} character left", other: "{n} characters left" },
    "还可输入 {n} 个字",
    "還可輸入 {n} 個字",
  ],
  newer: ["New answer below", "下方有新回答"],
  request: ["Request {id}", "请求编号 {id}", "請求編號 {id}"],
  e_offline: [
    "There is no connection. Your question is kept.",
    "无法连接，您的问题已保留。",
    "無法連線，您的問題已保留。",
  ],
  e_timeout: ["The answer took too long.", "回答超时。", "回答逾時。"],
  e_cut: ["The answer broke off.", "回答中断了。", "回答中斷了。"],
  e_rate_limited: [
    {
      one: "Many are asking. Please wait {n} second.",
      other: "Many are asking. Please wait {n} seconds.",
    },
    "当前提问较多，请等待 {n} 秒。",
    "目前提問較多，請等待 {n} 秒。",
  ],
  ready: ["You can ask again.", "现在可以再次提问。", "現在可以再次提問。"],
  e_forbidden: ["Questions cannot be asked from this page.", "无法在此页面提问。", "無法在此頁面提問。"],
  e_not_ready: [
    "The service is not ready. Please try again soon.",
    "服务尚未就绪，请稍后再试。",
    "服務尚未就緒，請稍後再試。",
  ],
  e_invalid: [
    "Please word the question differently.",
    "请换一种问法。",
    "請換一種問法。",
  ],
  e_error: ["Something went wrong on our side.", "服务出错了。", "服務出錯了。"],
};

/**
 * Returns ours of the languages for a tag; undefined for one we do not speak.
 * @param {string | null | undefined} tag
 */
export function ours(tag) {
  const low = (tag || "").toLowerCase();
  if (/^zh-(hant|tw|hk|mo)\b/.test(low)) return "zh-Hant";
  if (/^zh\b/.test(low)) return "zh-Hans";
  return /^en\b/.test(low) ? "en" : undefined;
}

/**
 * Returns the language for an element: its own or its surroundings', else the page's, else the
 * reader's.
 * @param {Element} element
 */
export function langOf(element) {
  const near = /** @type {HTMLElement | null} */ (element.closest("[lang]"));
  return (
    ours(near && near.lang) ||
    ours(document.documentElement.lang) ||
    ours(navigator.language) ||
    "en"
  );
}

/**
 * Returns what speaks one language, the host's own words before ours.
 * @param {string} lang
 * @param {Strings} own
 */
export function createVoice(lang, own) {
  const column = lang === "en" ? 0 : lang === "zh-Hans" ? 1 : 2;

  return {
    lang,
    /** @param {string} key @param {Record<string, string | number>} [values] */
    say(key, values) {
      const row = WORDS[key] || [""];
      const mine = own[key];
      let told = (/string|object/.test(typeof mine) && mine) || row[column] || row[1];
      if (typeof told === "object") {
        const form = new Intl.PluralRules(lang).select(Number(values && values.n));
        told = (form === "one" && told.one) || told.other;
      }
      each(Object.keys(values || {}), (name) => {
        // a function, so that `$&` in a headline stays what it is
        told = /** @type {string} */ (told).replace(`{${name}}`, () =>
          String(/** @type {Record<string, string | number>} */ (values)[name]),
        );
      });
      return /** @type {string} */ (told);
    },
    /** @param {string | null | undefined} iso */
    date(iso) {
      const day = new Date(`${iso}T00:00:00Z`);
      const how = /** @type {const} */ ({ dateStyle: "long", timeZone: "UTC" });
      return isNaN(+day) ? "" : day.toLocaleDateString(lang, how);
    },
  };
}

/** @typedef {ReturnType<typeof createVoice>} Voice */
