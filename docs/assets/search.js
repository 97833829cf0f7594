/* What the search of either theme leaves open: the way from a result to the word, and, in the one
   of Zensical, what a style sheet of the page does not reach. */

import { paragraphOf } from "./scripts/addresses.js"

/* From a result to the word ------------------------------------------------------------------- */

/* The theme marks what stands in the text; what the recogniser wrote stands in an attribute. */
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

/* What stays below the header while the page scrolls may cover so much. */
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
  /* The theme marks its words when it has loaded its index; a reader who has moved on by then
     stays where he is. */
  const watch = new MutationObserver(() => look())
  const stop = () => watch.disconnect()
  const look = () => {
    /* It marks parts of words as well: the longest is most likely what was looked for. */
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
/* The browser goes to the address when the page is loaded, and so does not go there after this. */
if (document.readyState === "complete") land()
else addEventListener("load", land)

/* The dialog of Zensical ---------------------------------------------------------------------- */

/* It is a tree of its own: its path is too pale, and its list cannot be scrolled by keyboard. */
document.addEventListener("focusin", event => {
  const root = event.target.shadowRoot
  const results = root?.querySelector("[role=listbox]")
  if (!results) return
  results.parentElement.tabIndex = 0
  if (root.querySelector("[data-sic]")) return
  const style = document.createElement("style")
  style.dataset.sic = ""
  style.textContent = "menu { color: rgb(var(--color-foreground) / 0.7) !important }"
  root.append(style)
})
