// What Chromium makes of our MathML, and what axe-core finds on a page.
"use strict";
const { close, withPage } = require("./browser.cjs");

// --- MathML Core -------------------------------------------------------------------------------

const ELEMENTS = "math mi mn mo mtext mspace mrow mfrac msqrt mroot mpadded msub msup msubsup " +
  "munder mover munderover mtable mtr mtd";
const ATTRIBUTES = "alttext class displaystyle mathvariant accent lspace rspace stretchy form width";

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

module.exports = { close, mathml };
