/* The reader's position: on the map of a conversation, among chapters, at an address. */

import { parseAddress } from "./addresses.js"
import { rove } from "./roving.js"
import { all, article, on } from "./page.js"

export const REACHED = 180

export const topOf = part => part.getBoundingClientRect().top

export const place = () => {
  const map = article.querySelector(".sic-map svg")
  if (!map) return
  const links = all("a", map)
  rove(map, links)
  const here = map.querySelector(".sic-here")
  const chapters = links
    .map(link => [
      link.querySelector(".sic-chapter"),
      document.getElementById(link.getAttribute("href").slice(1)),
    ])
    .filter(([, heading]) => heading)
  const end = document.getElementById("corrections-and-notes") ?? article.lastElementChild
  let waiting = false
  const update = () => {
    waiting = false
    const tops = [...chapters.map(([, heading]) => heading), end].map(part => topOf(part) - REACHED)
    const number = tops.slice(0, -1).findLastIndex(top => top <= 0)
    if (number < 0) return here.setAttribute("x", -9)
    const { x, width } = chapters[number][0]
    const share = Math.min(-tops[number] / Math.max(tops[number + 1] - tops[number], 1), 1)
    here.setAttribute("x", x.baseVal.value + width.baseVal.value * share)
  }
  on(window, "scroll", () => {
    if (!waiting) requestAnimationFrame(update)
    waiting = true
  })
  update()
}

const secondOf = id => {
  const { unit, number, repeat } = parseAddress(id)
  return unit === "second" && !repeat ? number : NaN
}

/* A time between two cues belongs to the one before it. */
export const settle = () => {
  const address = location.hash.slice(1)
  const second = secondOf(address)
  if (Number.isNaN(second) || document.getElementById(address)) return
  const nearest = all("[id]").findLast(({ id }) => secondOf(id) <= second)
  if (nearest) location.replace(`#${nearest.id}`)
}

/* A short last chapter never reaches the top, so the focused heading counts if it is visible. */
export const toChapter = by => {
  const headings = all("h2[id]")
  const here = headings.indexOf(document.activeElement)
  const seen = here >= 0 && topOf(headings[here]) > 0 && topOf(headings[here]) < innerHeight
  const near =
    by > 0
      ? headings.find(heading => topOf(heading) > REACHED)
      : headings.findLast(heading => topOf(heading) < 0)
  const heading = seen ? headings[here + by] : near
  if (!heading) return
  location.replace(`#${heading.id}`)
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}
