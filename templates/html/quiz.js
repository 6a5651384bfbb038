/* Made by symderiv fragments --script.  The box below an exercise: an answer that is typed is read
   here and compared with the derivative at points that were worked out when the page was made.
   Nothing is sent anywhere, no text is ever run as a program, and no style is set. */
(() => {
"use strict";

const has = (table, key) => Object.prototype.hasOwnProperty.call(table, key);

// --- words: a sentence stands in English where it is said ----------------------------------------

const WORDS = {};  // what sentences are in other languages; `sites.styling` puts them in here
let words = {};  // those of the box that speaks
const speak = language => { words = has(WORDS, language) ? WORDS[language] : {}; };
const say = (sentence, ...slots) =>
  (words[sentence] || sentence).replace(/\{(\d)\}/g, (_, k) => slots[k]);

// --- reading: the formula as a function of the values of its names -------------------------------

const POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁱʲᵏˡⁿᵗˣʸᶻᵃᵇ", LEVEL = "0123456789+-()ijklntxyzab";
const SIGNS = {"−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*", "∙": "*", "∗": "*", "÷": "/", "∕": "/",
  "[": "(", "]": ")", "∣": "|"};
const PARTNERS = {"(": ")", "[": "]", "{": "}"};
const CONSTANTS = {e: Math.E, pi: Math.PI, "π": Math.PI};
const over = (a, b) => b === 0 ? NaN : a / b;
const ln = x => x > 0 ? Math.log(x) : NaN;
const acosh = x => x >= 1 ? Math.acosh(x) : NaN;
const FUNCTIONS = {
  exp: Math.exp, ln, log: ln, log2: x => ln(x) / Math.LN2, log10: x => ln(x) / Math.LN10,
  sqrt: Math.sqrt, abs: Math.abs, sign: Math.sign, floor: Math.floor,
  sin: Math.sin, cos: Math.cos, tan: Math.tan,
  cot: x => over(1, Math.tan(x)), sec: x => over(1, Math.cos(x)), csc: x => over(1, Math.sin(x)),
  arcsin: Math.asin, arccos: Math.acos, arctan: Math.atan,
  sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh,
  coth: x => over(1, Math.tanh(x)), sech: x => over(1, Math.cosh(x)), csch: x => over(1, Math.sinh(x)),
  arcsinh: Math.asinh, arccosh: acosh, arctanh: x => Math.abs(x) < 1 ? Math.atanh(x) : NaN,
  sigmoid: x => 1 / (1 + Math.exp(-x)), relu: x => Math.max(0, x),
  softplus: x => x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)),
  max: Math.max, min: Math.min,
};
const ALSO = {sigma: "sigmoid", "σ": "sigmoid", logistic: "sigmoid", ReLU: "relu", sgn: "sign",
  log_2: "log2", log_10: "log10", asin: "arcsin", acos: "arccos", atan: "arctan", tg: "tan",
  ctg: "cot", asinh: "arcsinh", arsinh: "arcsinh", acosh: "arccosh", arcosh: "arccosh",
  atanh: "arctanh", artanh: "arctanh", "√": "sqrt"};
const INVERSE = {sin: "arcsin", cos: "arccos", tan: "arctan", sinh: "arcsinh", cosh: "arccosh",
  tanh: "arctanh"};

class Unread extends Error {
  constructor(said, at) { super(said); this.at = at; }
}

function power(base, exponent) {
  if (base === 0 && exponent <= 0) return NaN;
  if (base >= 0 || Number.isInteger(exponent)) return Math.pow(base, exponent);
  for (const root of [3, 5, 7, 9, 11]) {  // odd roots of negative numbers are real
    const top = Math.round(exponent * root);
    if (Math.abs(exponent * root - top) < 1e-12)
      return (top % 2 ? -1 : 1) * Math.pow(-base, exponent);
  }
  return NaN;
}

/* Tokens: kind, text, place, whether a blank stands before.  Names that the question has are taken
   first, the longest of them. */
function tokens(text, names) {
  const found = [], word = /[A-Za-z_][A-Za-z\d_]*|\p{L}[\d_]*/uy, number = /\d+(\.\d+)?|\.\d+/y;
  const known = [...names].sort((a, b) => b.length - a.length);
  let at = 0, spaced = false, braces = 0;
  const put = (kind, said) => { found.push({kind, text: said, at, spaced}); spaced = false; };
  while (at < text.length) {
    const ch = text[at], behind = name => text[at + name.length] || "";
    const own = known.find(name => text.startsWith(name, at)
      && !(/[A-Za-z]$/.test(name) ? /[A-Za-z\d_]/ : /[\d_]/).test(behind(name)));
    word.lastIndex = number.lastIndex = at;
    let said = own || ch;
    if (/\s/.test(ch)) spaced = true;
    else if (own) put("name", own);
    else if (POWERS.includes(ch)) {
      let inside = "";
      while (at + inside.length < text.length && POWERS.includes(text[at + inside.length]))
        inside += text[at + inside.length];
      const raised = [...inside].map(c => LEVEL[POWERS.indexOf(c)]).join("");
      put("^", "^");
      put("(", "(");
      found.push(...tokens(raised, names).slice(0, -1).map(token => ({...token, at: at + token.at})));
      put(")", ")");
      found[found.length - 1].raised = true;
      said = inside;
    } else if (ch === "√") put("name", said);
    else if (number.test(text)) {
      said = text.slice(at, number.lastIndex);
      if (/^[eE][+-]?\d|^[.,]\d?/.test(text.slice(at + said.length)))
        throw new Unread(say("Write numbers as 0.5 or 1/2, and a product with *."), at + said.length);
      put("number", said);
    } else if (word.test(text)) {
      said = text.slice(at, word.lastIndex);
      put("name", said);
    } else if (text.startsWith("**", at)) { put("^", "^"); said = "**"; }
    else if (has(SIGNS, ch)) put(SIGNS[ch], ch);
    else if (ch === "{" && found.length && found[found.length - 1].kind === "^") put("(", ch), braces++;
    else if (ch === "}" && braces) put(")", ch), braces--;
    else if ("+-*/^()|,".includes(ch)) put(ch, ch);
    else throw new Unread(ch === "\\" ? say("Write 5x^4/2 and sin(x), without LaTeX.")
      : say("This is not read here."), at);
    at += said.length;
  }
  found.push({kind: "end", text: "", at: text.length, spaced});
  return found;
}

class Reader {
  constructor(text, quiz, own) {
    this.columns = own || quiz.names, this.quiz = quiz;
    this.tokens = tokens(text, Object.keys(this.columns)), this.k = 0, this.bars = 0;
  }
  get next() { return this.tokens[this.k]; }
  is(...kinds) { return kinds.includes(this.next.kind); }
  refuse(said) { throw new Unread(said, this.next.at); }
  take(kind, said) { if (!this.is(kind)) this.refuse(said); return this.tokens[this.k++]; }

  whole() {
    const value = this.sum();
    if (!this.is("end")) this.refuse(say("This cannot stand here."));
    return value;
  }

  sum() {
    const terms = [this.product()];
    while (this.is("+", "-")) {
      const minus = this.take(this.next.kind).kind === "-", term = this.product();
      terms.push(minus ? at => -term(at) : term);
    }
    if (terms.length === 1) return terms[0];
    return at => {
      let total = 0;
      const found = terms.map(term => term(at)), most = Math.max(...found.map(Math.abs));
      for (const value of found) {
        total += value;
        if (value !== 0 && Math.abs(value) <= NEAR * most) at.unseen = true;
      }
      at.large = Math.max(at.large, most);
      return total;
    };
  }

  begins() {
    return this.is("number", "name", "(") || (this.is("|") && !this.bars);
  }

  product() {
    let left = this.signed(), divided = false;
    for (;;) {
      const before = left, bare = this.bare, tight = this.tight;
      if (this.is("*", "/")) {
        const sign = this.take(this.next.kind).kind;
        if (bare && !(sign === "*" && this.isFunction()))
          this.refuse(say("Put brackets around what belongs to the function, as in sin(x)."));
        const right = this.signed();
        left = sign === "*" ? at => before(at) * right(at) : at => over(before(at), right(at));
        divided = sign === "/";
      } else if (this.begins()) {
        if (this.is("number")) this.refuse(say("A number stands in front, or behind a *."));
        if (divided) this.refuse(say("Put brackets around what stands below the line, as in 1/(2x)."));
        if (bare && !this.isFunction())
          this.refuse(say("Put brackets around what belongs to the function, as in sin(x)."));
        if (tight && !this.next.spaced)
          this.refuse(say("Put brackets around the exponent, or a * behind it."));
        const right = this.signed();
        left = at => before(at) * right(at);
      } else return left;
    }
  }

  isFunction() {
    return this.is("name") && !has(this.columns, this.next.text) && this.named(this.next.text) !== null;
  }

  signed() {
    if (this.is("-")) { this.k++; const value = this.signed(); return at => -value(at); }
    if (this.is("+")) { this.k++; return this.signed(); }
    return this.raised();
  }

  /* `bare`: it ended in a function whose argument has no brackets; `tight`: in a plain exponent. */
  raised() {
    const base = this.atom(), bare = this.bare;
    this.tight = false;
    if (!this.is("^")) return base;
    if (this.tokens[this.k - 1].raised) this.refuse(say("Put brackets around what is raised."));
    if (bare) this.refuse(say("Put brackets around what is raised: (sin(x))^2, or sin(x^2)."));
    this.k++;
    const open = !this.is("(");
    const exponent = this.signed();
    this.tight = open;
    return at => power(base(at), exponent(at));
  }

  atom() {
    this.bare = false;
    const token = this.next;
    if (this.is("number")) { this.k++; const value = Number(token.text); return () => value; }
    if (this.is("(")) return this.inside("(", ")", () => this.sum());
    if (this.is("|")) {
      const value = this.inside("|", "|", () => this.sum());
      return at => Math.abs(value(at));
    }
    if (!this.is("name")) this.refuse(say("Here a number, a name or a bracket should stand."));
    this.k++;
    if (has(this.columns, token.text)) return this.symbol(token);
    if (has(CONSTANTS, token.text)) {
      if (this.next.text === "[") this.refuse(say("A product is written with *."));
      return () => CONSTANTS[token.text];
    }
    const named = this.named(token.text), split = named === null ? this.split(token.text) : null;
    if (split !== null) {
      this.guessed = token.at;
      return split;
    }
    if (named === null)
      throw new Unread(say("This page does not know the name {0}.", token.text), token.at);
    return this.applied(token, named);
  }

  /* A word of letters that the question has, and functions of them, as 2xsinx: perhaps a product. */
  split(word) {
    const letters = Object.keys(this.columns).filter(name => [...name].length === 1);
    const heads = [...Object.keys(FUNCTIONS), ...Object.keys(ALSO)].filter(name => name.length > 1);
    const factors = [];
    for (let k = 0; k < word.length;) {
      const head = heads.filter(name => word.startsWith(name, k)).sort((a, b) => b.length - a.length)[0];
      const letter = word[k + (head || "").length];
      if (!letters.includes(letter) && !(head === undefined && letter === "e" && !this.is("("))) return null;
      const column = this.columns[letter], named = head && this.named(head);
      const value = letter === "e" && column === undefined ? () => Math.E : at => at.row[column];
      factors.push(head ? at => FUNCTIONS[named](value(at)) : value);
      k += (head || "").length + 1;
    }
    if (this.is("(", "^") && factors.length) return null;
    return at => factors.reduce((product, factor) => product * factor(at), 1);
  }

  symbol(token) {
    const column = this.columns[token.text], [open, name, close] = this.tokens.slice(this.k, this.k + 3);
    if (open.kind === "(" && close && close.kind === ")" && !/^\d*\.\d/.test(name.text))
      this.refuse(say("Write {0}*{1} for the product.", token.text, name.text));
    if (open.text === "[") this.refuse(say("A product is written with *."));
    return at => at.row[column];
  }

  inside(open, close, read) {
    const bars = this.bars;
    this.bars = open === "|" ? 1 : 0;
    const begun = this.take(open, say("Here a bracket should stand.")).text, value = read();
    if (!this.is(close) || this.next.text !== (PARTNERS[begun] || this.next.text))
      this.refuse(say("Here {0} is missing.", PARTNERS[begun] || close));
    this.k++;
    this.bars = bars, this.bare = this.tight = false;
    return value;
  }

  /* A function of the page, or one that the question declares, by any of its names. */
  named(name) {
    const own = this.quiz.functions || {};
    if (has(own, name)) return own[name];
    const known = has(ALSO, name) ? ALSO[name] : name;
    return has(FUNCTIONS, known) ? known : null;
  }

  applied(token, named) {
    let raised = null;
    if (this.is("^")) {
      this.k++;
      const from = this.next.at;
      raised = this.is("(") ? this.inside("(", ")", () => this.sum())
        : this.is("-") ? this.minusOne() : this.atom();
      if (raised({row: [], large: 0}) === -1) {
        if (!has(INVERSE, named)) throw new Unread(say("Write the power behind the brackets."), from);
        named = INVERSE[named], raised = null;
      } else if (!(raised({row: [], large: 0}) >= 0))
        throw new Unread(say("Write the power behind the brackets."), from);
    }
    if (/^(sigma|σ)$/.test(token.text) && !this.is("(")) this.refuse(say("Write {0}(x).", token.text));
    const inner = this.is("(") ? this.inside("(", ")", () => this.list()) : [this.argument(token)];
    const value = this.call(token, named, inner);
    return raised === null ? value : at => power(value(at), raised(at));
  }

  minusOne() {
    this.k++;
    if (this.next.text !== "1") this.refuse(say("Write the power behind the brackets."));
    this.k++;
    return () => -1;
  }

  list() {
    const found = [this.sum()];
    while (this.is(",")) { this.k++; found.push(this.sum()); }
    return found;
  }

  /* Without brackets a function takes numbers and one name: sin 2x, ln x, sin cos x. */
  argument(token) {
    const factors = [];
    while (this.is("number") || (this.is("name") && has(CONSTANTS, this.next.text)
        && !has(this.columns, this.next.text))) {
      if (factors.length && this.is("number")) break;
      factors.push(this.atom());
    }
    if (this.is("name", "|") && !(this.is("|") && this.bars)
        && !(factors.length && this.is("name") && this.isFunction())) factors.push(this.atom());
    if (!factors.length) throw new Unread(say("Write {0}(x).", token.text), token.at);
    this.bare = true;
    return at => factors.reduce((product, factor) => product * factor(at), 1);
  }

  call(token, named, inner) {
    if (typeof named === "string") {
      const many = named === "max" || named === "min";
      if (many ? inner.length < 2 : inner.length !== 1)
        throw new Unread(say("{0} has another number of arguments.", token.text), token.at);
      return at => FUNCTIONS[named](...inner.map(value => value(at)));
    }
    const [names, body] = named;
    if (names.length !== inner.length)
      throw new Unread(say("{0} has {1} arguments.", token.text, names.length), token.at);
    const columns = Object.fromEntries(names.map((name, k) => [name, k]));
    const value = new Reader(body, this.quiz, columns).whole();
    return at => value({row: inner.map(one => one(at)), large: 0});
  }
}

// --- judging -------------------------------------------------------------------------------------

const ENOUGH = 4;  // points at which an answer must have a value
const NEAR = 1e-9, DIGITS = 9;  // what a comparison of values can tell
const BLUR = 1e-13;  // what is lost where large terms cancel

/* A text as those of the solution are kept: blanks and the ways to write a sign do not count. */
function normal(text) {
  return [...text.normalize("NFC")].map(c => SIGNS[c] && !"[]".includes(c) ? SIGNS[c] : c).join("")
    .replace(/\*\*/g, "^").replace(/\s+/g, " ").trim()
    .replace(/(?<![\p{L}\d]) | (?![\p{L}\d])/gu, "");
}

/* What stands behind the last =; in front of it only a label such as dy/dx, y' or f'(x) may stand. */
function unlabelled(text) {
  const last = text.lastIndexOf("=");
  if (last < 0) return [text, 0];
  if (!/^[\s\p{L}\d'′_/()∂=]*$/u.test(text.slice(0, last)))
    throw new Unread(say("Write only what the derivative is equal to."), last);
  return [text.slice(last + 1), last + 1];
}

/* How far a right answer may be off, relatively, by the rounding of the decimals in it. */
function rounding(text) {
  const off = number => number.replace(/^.*\./, "").length;
  return (text.match(/\d*\.\d+/g) || []).reduce(
    (sum, number) => sum + 0.6 / (Number(number) * 10 ** off(number)), 0);
}

function values(answer, quiz) {
  return quiz.points.map(row => {
    const at = {row, large: 0, unseen: false}, value = answer(at);
    return Number.isFinite(value) ? [value, at.large, at.unseen] : null;
  });
}

const meets = ([a, large], b) =>
  Math.abs(a - b) <= NEAR * Math.max(Math.abs(a), Math.abs(b)) + BLUR * Math.max(1, large);

/* The verdict on an answer: right, slip, wrong, undecided, or unreadable. */
function judge(text, quiz) {
  let answer, guessed, start = 0;
  try {
    if (text.length > 2000) throw new Unread(say("This is too long."), 0);
    const [formula, from] = unlabelled(text.normalize("NFC").replace(/[\s.;,$]+$/, "").replace(/^[\s$]+/, blank => " ".repeat(blank.length)));
    start = from;
    if (!formula.trim()) return {verdict: "empty"};
    if (quiz.forms.includes(normal(formula))) return {verdict: "right", form: true};
    const reader = new Reader(formula, quiz);
    answer = reader.whole();
    guessed = reader.guessed;
  } catch (error) {
    if (error instanceof RangeError) return {verdict: "unreadable", said: say("This is too deep."), at: 0};
    if (!(error instanceof Unread)) throw error;
    return {verdict: "unreadable", said: error.message, at: start + error.at};
  }
  const found = values(answer, quiz), said = compared(text, found, quiz);
  if (guessed === undefined || said.verdict === "right") return said;
  return {verdict: "unreadable", said: say("Write a product with *, and a function as sin(x)."), at: start + guessed};
}

function compared(text, found, quiz) {
  const seen = found.filter(value => value !== null).length;
  const differs = found.findIndex((value, k) => value !== null && !meets(value, quiz.values[k]));
  const fine = (text.match(/[\d.]+/g) || []).some(number => number.replace(/^[0.]+|\./g, "").length > DIGITS)
    || found.every(value => value === null || value[2]);
  if (differs >= 0) {
    const slip = !fine && quiz.slips.find(one => one.values.every((value, k) =>
      value === null ? found[k] === null : found[k] !== null && meets(found[k], value)));
    if (slip) return {verdict: "slip", ways: slip.ways.map(way => way.map(k => quiz.notes[k]))};
    const off = rounding(text), rounded = off > 0 && found.every((value, k) => value !== null
      && Math.abs(value[0] - quiz.values[k]) <= off * Math.max(Math.abs(quiz.values[k]), value[1]));
    return rounded ? {verdict: "undecided", why: "rounded"} : {verdict: "wrong", point: differs};
  }
  if (seen < ENOUGH) return {verdict: "undecided", why: "few", seen};
  if (fine) return {verdict: "undecided", why: "fine"};
  const lost = found.indexOf(null);
  return lost < 0 ? {verdict: "right", seen} : {verdict: "undecided", why: "lost", point: lost};
}

// --- what is said --------------------------------------------------------------------------------

const place = (quiz, k) => quiz.shown.map(([name, column]) =>
  `${name} = ${String(Number(quiz.points[k][column].toPrecision(4))).replace("-", "−")}`).join(", ");

/* Sentences; of a misconception [words, address] where a page explains the rule. */
function sentences(said, quiz, text) {
  const count = quiz.points.length;
  switch (said.verdict) {
    case "empty": return [say("Write your answer first.")];
    case "right": return [said.form ? say("Right: the solution has this line too.")
      : say("Right: it agrees with the derivative at {0} points, which is strong evidence and no proof.", count)];
    case "slip": return [said.ways.length > 1
      ? say("Which rule? Your answer is what comes out in one of these ways:")
      : say("Which rule? Your answer is what comes out in this way:"),
      ...said.ways.flat().flatMap(note => [`${note.name}. ${note.why}`,
        [`${say("The rule instead:")} `, note.law, note.link, note.says]])];
    case "wrong": return [say("Not right: it differs from the derivative, for example at {0}.", place(quiz, said.point))];
    case "unreadable": return [say("This cannot be read: {0}", said.said),
      `${text.normalize("NFC").slice(0, said.at)} ▸ ${text.normalize("NFC").slice(said.at)}`];
  }
  switch (said.why) {
    case "fine": return [say("This cannot be decided here: your answer differs too little from another one. Compare it with the solution.")];
    case "rounded": return [say("Close, as rounded numbers are: write exact ones, such as 1/3 or pi.")];
    case "few": return [say("This cannot be decided here: your answer has a value at {0} of {1} points. Compare it with the solution.", said.seen, count)];
    default: return [say("This cannot be decided here: your answer agrees where it has a value, but it has none at {0}. Compare it with the solution.", place(quiz, said.point))];
  }
}

if (typeof document === "undefined") {
  module.exports = {judge, normal, sentences, speak, functions: Object.keys(FUNCTIONS)};
  return;
}

const make = (tag, name, ...inner) => {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...inner);
  return element;
};

function shown(sentence) {
  if (typeof sentence === "string") return make("p", "", sentence);
  const [words, law, link, says] = sentence, line = make("p", "", words);
  const named = make(link ? "a" : "strong", "", law);
  if (link) named.href = link;
  line.append(named, says ? `: ${says}` : ".");
  return line;
}

/* The language of a box is its own, or that around it: "de" also where it is de-AT. */
function speakAs(box) {
  const spoken = box.closest("[lang]");
  speak(spoken ? spoken.getAttribute("lang").split("-")[0].toLowerCase() : "en");
}

function build() {
  for (const box of document.querySelectorAll("[data-sd-quiz]:empty")) {
    speakAs(box);
    const input = make("input", "sd-answer"), button = make("button", "", say("Check"));
    Object.assign(input, {type: "text", autocomplete: "off", spellcheck: false, name: "answer"});
    input.setAttribute("autocapitalize", "off");
    input.setAttribute("autocorrect", "off");
    button.type = "submit";
    const said = make("div", "sd-said");
    said.setAttribute("role", "status");
    said.setAttribute("aria-live", "polite");
    box.append(make("form", "", make("label", "", `${say("Your answer")} `, input), " ", button), said);
  }
}

document.addEventListener("submit", event => {
  const box = event.target.closest("[data-sd-quiz]");
  if (!box) return;
  event.preventDefault();
  event.stopPropagation();
  speakAs(box);
  const quiz = JSON.parse(box.dataset.sdQuiz), text = box.querySelector("input").value;
  const said = judge(text, quiz), out = box.querySelector(".sd-said");
  out.className = `sd-said sd-said-${said.verdict}`;
  out.replaceChildren(...sentences(said, quiz, text).map(shown));
}, true);

// Pages that a theme puts in without loading them anew (instant navigation) get their boxes too.
new MutationObserver(build).observe(document, {childList: true, subtree: true});
build();
})();
