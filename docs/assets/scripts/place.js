/* The reader's position: on the map of a conversation, among chapters, at an address. */

import { ADDRESS_LINKS, parseAddress } from "./addresses.js"
import { rove } from "./roving.js"
import { all, article, on, page } from "./page.js"
import { nameWord, rangeOf } from "./words.js"

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
  const { unit, number, repeat, word } = parseAddress(id)
  return unit === "second" && !repeat && word === 1 ? number : NaN
}

/* A time between two cues belongs to the one before it, a word that is not there to its line. */
const findNearest = address => {
  const { unit, line, number } = parseAddress(address)
  if (document.getElementById(line)) return line
  return unit === "second" && all("[id]").findLast(({ id }) => secondOf(id) <= number)?.id
}

/* Lights up the words of an address, or its paragraph if the address is that of the paragraph. */
const light = address => {
  const target = document.getElementById(address)
  const range = target && !target.matches(ADDRESS_LINKS) && rangeOf(address)
  if (range) {
    const lit = new Highlight(range)
    lit.priority = -1
    CSS.highlights.set("sic-lit", lit)
  } else CSS.highlights.delete("sic-lit")
  article.toggleAttribute("data-lit", Boolean(range))
}

export const settle = () => {
  const address = location.hash.slice(1)
  if (parseAddress(address).unit && !document.getElementById(address)) {
    const there = nameWord(address) ? address : findNearest(address)
    if (there) location.replace(`#${there}`)
    if (there !== address) return
  }
  if (!CSS.highlights) return
  light(address)
  on(page.signal, "abort", () => CSS.highlights.delete("sic-lit"))
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
