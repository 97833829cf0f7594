/* The reader's position: on the map of a conversation, among chapters, at an address. */

import { ADDRESS_LINKS, PARAGRAPHS, parseAddress } from "./addresses.js"
import { rove } from "./roving.js"
import { all, article, on, page } from "./page.js"
import { nameWord, rangeOf } from "./words.js"

export const REACHED = 180

const topOf = part => part.getBoundingClientRect().top

/* The first paragraph that reaches below the bar. */
export const paragraphHere = () =>
  all(PARAGRAPHS).find(paragraph => paragraph.getBoundingClientRect().bottom > REACHED)

/* Calls `tell` with the number of the chapter that is read, and with the share of it all. */
export const place = tell => {
  const links = all(".sic-actions .sic-chapters a")
  if (!links.length) return
  const targets = links.map(link => document.getElementById(link.hash.slice(1)))
  const end = document.getElementById("about-this-text")
  const map = article.querySelector(".sic-map svg")
  const rects = links.map(link => map?.querySelector(`a[href="${link.hash}"] rect`))
  const edges = () => [...targets, end].map(part => topOf(part) - REACHED)
  let waiting = false
  const update = () => {
    waiting = false
    const tops = edges()
    const number = tops.slice(0, -1).findLastIndex(top => top <= 0)
    const share = Math.min(-tops[number] / Math.max(tops[number + 1] - tops[number], 1), 1)
    const { x, width } = rects[number] ?? {}
    map
      ?.querySelector(".sic-here")
      .setAttribute("x", x ? x.baseVal.value + width.baseVal.value * share : -9)
    tell(number, Math.min(Math.max(-tops[0] / (tops.at(-1) - tops[0]), 0), 1))
  }
  on(window, "scroll", () => {
    if (!waiting) requestAnimationFrame(update)
    waiting = true
  })
  update()
  if (!map) return
  rove(map, all("a", map))
  /* A finger or mouse on the map says where it is, and goes there when it leaves. */
  const label = article.querySelector(".sic-map output")
  const at = event => {
    const box = map.getBoundingClientRect()
    const x = ((event.clientX - box.left) / box.width) * 1000
    const number = rects.findLastIndex(rect => rect && rect.x.baseVal.value <= x)
    return [number, x]
  }
  on(map, "pointermove", event => {
    label.textContent = links[at(event)[0]]?.textContent ?? ""
  })
  on(map, "focusin", event => {
    label.textContent = event.target.closest("a")?.textContent ?? ""
  })
  on(map, "pointerleave", () => (label.textContent = ""))
  on(map, "click", event => {
    const [number, x] = at(event)
    if (!event.detail || number < 0 || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const tops = edges()
    const { x: left, width } = rects[number]
    const share = (x - left.baseVal.value) / width.baseVal.value
    scrollBy({ top: tops[number] + share * (tops[number + 1] - tops[number]), behavior: "instant" })
  })
}

const secondOf = id => {
  const { unit, number, repeat, word } = parseAddress(id)
  return unit === "second" && !repeat && word === 1 ? number : NaN
}

/* Times as other sites write them: #t=190, #t3:10, #t=1:02:03, #t=1h2m3s. */
const HABITS = /^t=?(?:(\d+)[:h])??(?:(\d+)[:m])?(\d+)(?:s|,.*)?$/

const toAddress = hash => {
  const [, hours = 0, minutes = 0, seconds] = HABITS.exec(hash) ?? []
  return seconds ? `t${hours * 3600 + minutes * 60 + Number(seconds)}` : hash
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
  const hash = location.hash.slice(1)
  const address = toAddress(hash)
  if (parseAddress(address).unit && !document.getElementById(hash)) {
    const there =
      document.getElementById(address) || nameWord(address) ? address : findNearest(address)
    if (there) location.replace(`#${there}`)
    if (there !== hash) return
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
