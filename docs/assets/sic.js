/* Reading aids of Sic. All text is there without this script, and it requests nothing. */

import { barOf } from "./scripts/bar.js"
import { cleanCopies, status } from "./scripts/copying.js"
import { filterLists } from "./scripts/filtering.js"
import { finding } from "./scripts/finding.js"
import { keys } from "./scripts/keys.js"
import { marks } from "./scripts/marks.js"
import { notes } from "./scripts/notes.js"
import { article, begin, canonical, on } from "./scripts/page.js"
import { playing } from "./scripts/playing.js"
import { place, settle, toChapter } from "./scripts/place.js"
import { quoting } from "./scripts/quoting.js"
import { readingModes } from "./scripts/readings.js"
import { offerWayBack, rememberPlace } from "./scripts/returning.js"

const start = () => {
  begin()
  if (!article) return
  document.body.append(status)
  article.dataset.address = canonical() ?? ""
  if (!article.querySelector(".sic-sift")) filterLists()
  notes(playing())
  settle()
  on(window, "hashchange", settle)
  if (!article.querySelector(".sic-turn")) return offerWayBack()
  const ways = readingModes()
  const { bar, addMarks, tell } = barOf(ways)
  const find = finding(bar)
  const show = addMarks(() => marks(bar, ways))
  place(tell)
  quoting()
  cleanCopies()
  rememberPlace()
  keys({ t: find, "?": show, j: () => toChapter(1), k: () => toChapter(-1) })
}

if (typeof document$ === "undefined") document.addEventListener("DOMContentLoaded", start)
else document$.subscribe(start)
