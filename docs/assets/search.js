/* Additions to the search of either theme: the way from a result to the word, and styles for the
   search dialog of Zensical. */

import { paragraphOf } from "./scripts/addresses.js"

/* From a result to the word ------------------------------------------------------------------- */

/* The theme marks words in the text only; the recogniser's words are in an attribute. */
const markHeard = (paragraph, terms) => {
  for (const change of paragraph.querySelectorAll("ins[data-heard]")) {
    const heard = change.dataset.heard.toLowerCase().split(/\s+/)
    if (
      change.querySelector("mark") ||
      !terms.some(term => heard.some(word => word.startsWith(term)))
    )
      continue
    const mark = document.createElement("mark")
    mark.append(...change.childNodes)
    change.append(mark)
  }
}

/* Height in pixels that sticky elements below the header may cover. */
const COVERED = 60

const show = mark => {
  const { top, bottom } = mark.getBoundingClientRect()
  const header = document.querySelector(".md-header")?.getBoundingClientRect().bottom ?? 0
  if (top < header + COVERED || bottom > innerHeight) mark.scrollIntoView({ block: "center" })
}

let settled = () => {}

const land = () => {
  settled()
  const terms = (new URLSearchParams(location.search).get("h") ?? "").toLowerCase().match(/\S+/g)
  const target = document.getElementById(location.hash.slice(1))
  const paragraph = terms && target && paragraphOf(target)
  if (!paragraph) return
  markHeard(paragraph, terms)
  /* The theme marks words once its index is loaded; do not scroll if the reader has moved by then. */
  const watch = new MutationObserver(() => look())
  const stop = () => watch.disconnect()
  const look = () => {
    /* The theme marks parts of words too: the longest mark is most likely the word. */
    const marks = [...paragraph.querySelectorAll("mark")].filter(mark => mark.offsetHeight)
    const length = mark => mark.textContent.length
    const best = marks.reduce(
      (longest, mark) => (longest && length(longest) >= length(mark) ? longest : mark),
      null,
    )
    if (best) show(best)
  }
  watch.observe(paragraph, { childList: true, subtree: true })
  for (const moved of ["wheel", "pointerdown", "keydown"])
    addEventListener(moved, stop, { once: true, passive: true })
  settled = stop
  look()
}

addEventListener("hashchange", land)
/* The browser scrolls to the address on load; scroll to the word after that. */
if (document.readyState === "complete") land()
else addEventListener("load", land)

/* The dialog of Zensical ---------------------------------------------------------------------- */

/* In its shadow root, the path is too pale, and the list cannot be scrolled by keyboard. */
document.addEventListener("focusin", event => {
  const root = event.target.shadowRoot
  const results = root?.querySelector("[role=listbox]")
  if (!results) return
  results.parentElement.tabIndex = 0
  if (root.adoptedStyleSheets.length) return
  /* No element: the policy of the page allows none that is not the engine's. */
  const sheet = new CSSStyleSheet()
  sheet.replaceSync("menu { color: rgb(var(--color-foreground) / 0.7) !important }")
  root.adoptedStyleSheets.push(sheet)
})
