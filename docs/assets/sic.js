/* Reading aids of Sic. All text is there without this script, and it requests nothing. */

import { status } from "./scripts/copying.js"
import { element } from "./scripts/elements.js"
import { finding } from "./scripts/finding.js"
import { keys } from "./scripts/keys.js"
import { notes } from "./scripts/notes.js"
import { article, begin, canonical, on, page } from "./scripts/page.js"
import { place, settle, toChapter } from "./scripts/place.js"
import { quoting } from "./scripts/quoting.js"
import { readingModes } from "./scripts/readings.js"
import { filterGlossary } from "./scripts/filtering.js"

const start = () => {
  begin()
  if (!article) return
  document.body.append(status)
  article.dataset.address = canonical() ?? ""
  if (!article.querySelector(".sic-sift")) filterGlossary()
  notes()
  place()
  settle()
  on(window, "hashchange", settle)
  const head = article.querySelector(".sic-verify")
  if (!head || !article.querySelector(".sic-turn")) return
  const bar = element("div", { class: "sic-bar" }, readingModes())
  const open = finding(bar)
  bar.append(element("button", { type: "button", class: "sic-help", "aria-label": "Keys" }, "?"))
  head.after(bar)
  on(page.signal, "abort", () => bar.remove())
  quoting()
  keys({ t: open, j: () => toChapter(1), k: () => toChapter(-1) })
}

if (typeof document$ === "undefined") document.addEventListener("DOMContentLoaded", start)
else document$.subscribe(start)
