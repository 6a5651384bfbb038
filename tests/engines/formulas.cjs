// KaTeX and MathJax as a site that minds mistakes asks them: what they refuse, and why.
"use strict";
// the macros of our LaTeX documents, for KaTeX, in which those of TeX's boxes do not exist
const macros = { "\\sdcancel": "\\cancel{#1}", "\\sdfactor": "\\overset{#1}{#2}" };

async function katex({ formulas, display = true }) {
  const { renderToString } = require("katex");
  const strict = { strict: "error", throwOnError: true, trust: false, displayMode: display };
  return refused(formulas, (tex) => renderToString(tex, { ...strict, macros: { ...macros } }));
}

// GitHub's engine too: amsmath's commands, \cancel, and nothing that is loaded on demand
let started;
async function mathjax({ formulas }) {
  started ??= require("mathjax").init({
    loader: { load: ["input/tex-base", "[tex]/ams", "[tex]/cancel", "adaptors/liteDOM"] },
    startup: { typeset: false },
    tex: {
      packages: { "[+]": ["ams", "cancel"] },
      formatError: (_, error) => { throw error; },
    },
  });
  const { tex2mml } = await started;
  return refused(formulas, (tex) => tex2mml(tex));
}

function refused(formulas, set) {
  return formulas.flatMap((tex) => {
    try { set(tex); } catch (error) { return [`${tex}   ${error.message}`]; }
    return [];
  });
}

module.exports = { katex, mathjax };
