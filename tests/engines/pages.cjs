// What Chromium makes of our MathML, and what axe-core finds on a page.
"use strict";
const { withPage } = require("./browser.cjs");

// --- MathML Core -------------------------------------------------------------------------------

const ELEMENTS = "math mi mn mo mtext mspace mrow mfrac msqrt mroot mpadded msub msup msubsup " +
  "munder mover munderover mtable mtr mtd";
const ATTRIBUTES = "alttext class displaystyle mathvariant accent lspace rspace stretchy form width height";

async function mathml({ formulas, css }) {
  const rows = formulas.map((formula) => `<p>${formula}</p>`).join("\n");
  const html = `<!doctype html><style>${css}</style><body class="sd-page">${rows}`;
  return withPage({}, async (page) => {
    await page.setContent(html);
    const known = { elements: ELEMENTS.split(" "), attributes: ATTRIBUTES.split(" ") };
    return page.evaluate(faultsOfFormulas, { formulas, ...known });
  });
}

// runs in the page
function faultsOfFormulas({ formulas, elements, attributes }) {
  const core = "http://www.w3.org/1998/Math/MathML";
  const parser = new DOMParser();
  const size = (element) => element.getBoundingClientRect();
  const faults = (row, source) => {
    const xml = source.replaceAll("<math ", `<math xmlns="${core}" `);
    const malformed = parser.parseFromString(xml, "text/xml").querySelector("parsererror");
    const all = [...row.querySelectorAll("*")];
    const strange = all.filter((e) => e.namespaceURI !== core || !elements.includes(e.localName));
    const unknown = all.flatMap((e) => [...e.attributes]).filter((a) => !attributes.includes(a.name));
    const unseen = all.filter((e) => e.matches("math, mi, mn, mo, mtext, mfrac, msqrt"))
      .filter((e) => !(size(e).width > 0 && size(e).height > 0));
    return [
      ...(malformed ? ["not well-formed"] : []),
      ...(row.children.length === 1 ? [] : ["not one element"]),
      ...strange.map((e) => `<${e.localName}>`),
      ...unknown.map((a) => `${a.name}=`),
      ...unseen.map((e) => `<${e.localName}> takes no room: ${e.textContent}`),
    ];
  };
  return [...document.querySelectorAll("p")].flatMap((row, number) =>
    faults(row, formulas[number]).map((fault) => `${fault} in ${formulas[number]}`));
}

// --- axe-core ----------------------------------------------------------------------------------

const COLOURS = ["color-contrast", "link-in-text-block"];
const ROOM = ["scrollable-region-focusable", "target-size"];
const REST = { "target-size": { enabled: true }, "color-contrast": { enabled: false } };
// A phone and the dark change nothing but room and colours, and colours are those of a kind.
const VIEWS = [
  { view: "light", width: 1280, options: { rules: REST } },
  { view: "phone", width: 360, options: { runOnly: ROOM } },
  { view: "light", width: 1280, options: { runOnly: COLOURS }, kinds: true },
  { view: "dark", width: 1280, options: { runOnly: COLOURS }, kinds: true },
];

async function axe({ address, scope }) {
  return withPage({ bypassCSP: true }, async (page) => {
    await page.goto(address);
    return violations(page, scope);
  });
}

// What axe-core finds in each view.  Everything that a reader can unfold is unfolded, for what is
// hidden is not looked at; of formulas that stand alike one is looked at, and the inside of the
// others, most of a page and of the time, gives way to room of its size.
async function violations(page, scope) {
  await page.addScriptTag({ path: require.resolve("axe-core/axe.min.js") });
  await page.addScriptTag({ content: `${repeated}; ${kindOf}` });
  await page.evaluate(unfold);
  const found = [];
  for (const { view, width, options, kinds } of VIEWS) {
    await page.emulateMedia({ colorScheme: view === "dark" ? "dark" : "light" });
    await page.setViewportSize({ width, height: 900 });
    if (kinds) await page.evaluate(leaveOneOfAKind);
    const here = await page.evaluate(lookedAt, { scope, options });
    found.push(...here.map((fault) => `${view}: ${fault}`));
  }
  return found;
}

// --- what runs in the page ---

// Elements and classes from the root down to an element and in it: what a style can tell apart.
function kindOf(element) {
  const inside = [...element.querySelectorAll(":not(math *), [class]")];
  let kind = inside.map((e) => `${e.localName}.${e.classList.value}`).join();
  for (let e = element; e; e = e.parentElement) kind += ` ${e.localName}.${e.classList.value}`;
  return kind;
}

function repeated(selector) {
  const kinds = new Set();
  const first = (kind) => !kinds.has(kind) && kinds.add(kind);
  return [...document.querySelectorAll(selector)].filter((e) => !first(kindOf(e)));
}

function unfold() {
  for (const radio of document.querySelectorAll(".sd-pick-full")) radio.checked = true;
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  const alike = repeated("math");
  const rooms = alike.map((math) => math.getBoundingClientRect());
  alike.forEach((math, k) => {
    math.innerHTML = `<mspace width="${rooms[k].width}px" height="${rooms[k].height}px"/>`;
  });
}

function leaveOneOfAKind() {
  for (const row of repeated(".sd-row, .sd-given li, tr, dt, dd, p, section")) row.remove();
}

async function lookedAt({ scope, options }) {
  const parts = scope ? [...document.querySelectorAll(scope)] : [document.documentElement];
  if (!parts.length) return ["nothing to look at"];
  const { violations } = await axe.run({ include: parts }, { resultTypes: ["violations"], ...options });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) =>
    `${id}: ${node.target.join(" ")}: ${node.failureSummary.replaceAll(/\s+/g, " ")}`));
}

module.exports = { axe, mathml, violations };
