/** The bundler turns the stylesheet into a string and puts the version in. */
declare module "*.css" {
  const text: string;
  export default text;
}
declare const VERSION: string;

/** Offsets count Unicode code points; the end is one past the last. */
interface Span {
  start: number;
  end: number;
}

/** Where and when an article is printed, as far as that is known. */
interface About {
  publication?: string | null;
  issue: string;
  number?: string | null;
  issue_date: string | null;
  date: string | null;
  section?: string | null;
}

interface Source extends About {
  id: string;
  n: number;
  title: string | null;
  url: string;
  lang: string;
}

interface Citation {
  n: number;
  source: string;
  claim: Span;
  marker: Span;
  quote: string;
  quote_lang: string;
  marks?: Span[];
  location?: { passage_id: string };
  url?: string;
  url_fragment?: string;
}

interface Closest extends About {
  title: string | null;
  snippet: string;
  url: string;
}

interface Answer {
  id: string;
  status: "answered" | "partial" | "no_answer" | "chat";
  lang: string;
  text: string;
  reading?: { question: string } | null;
  citations: Citation[];
  sources: Source[];
  no_answer: { closest: Closest[] } | null;
  follow_ups?: string[];
}

/** Why there is no answer; `code` is the API's, or one of our own for what the network does. */
interface Problem {
  code: string;
  retryAt?: number;
  requestId?: string;
}

/** One question and what became of it; the answer grows while it streams. */
interface Turn {
  question: string;
  state: "loading" | "streaming" | "done" | "stopped" | "failed";
  answer: Answer;
  problem?: Problem;
  vote?: "up" | "down";
}

interface Config {
  title?: string;
  limits?: { question_chars?: number; history_turns?: number; history_chars?: number };
  suggestions?: string[];
}

type Sentence = string | { one?: string; other: string };
type Strings = Record<string, Sentence>;
