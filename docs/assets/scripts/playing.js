/* The recording of a transcript: the times of its lines, and the line that is heard. */

import { ADDRESS_LINKS, ADDRESSED, PARAGRAPHS, paragraphOf, parseAddress } from "./addresses.js"
import { clock } from "./clock.js"
import { button } from "./controls.js"
import { all, article, on, page } from "./page.js"
import { rangeOf } from "./words.js"

/* Seconds of a line between those lines whose seconds an edition states. */
const interpolate = (anchors, line) => {
  const above = anchors.findIndex(([known]) => known >= line)
  const place = Math.min(Math.max(above < 0 ? anchors.length - 1 : above, 1), anchors.length - 1)
  const [[first, from], [last, to]] = [anchors[place - 1], anchors[place]]
  return Math.max(0, Math.round(from + ((line - first) * (to - from)) / (last - first)))
}

/* How to play from an address: a label, and the act; nothing if its time is not known. */
export const playing = () => {
  const link = article.querySelector(".sic-recording")
  const listed = all(".sic-recordings .sic-recording")
  const links = listed.length ? listed : [link]
  if (!link || typeof window.sicIndex !== "function") return () => []
  const anchors = (link.dataset.anchors ?? "").split(" ").filter(Boolean)
  const known = anchors.map(anchor => anchor.split("=").map(Number))
  /* The other recogniser whose times these are. */
  const by = link.dataset.timedBy
  const timed = id => {
    const { unit, number } = parseAddress(id)
    if (unit === "second") return number
    return unit === "line" && known.length > 1 ? interpolate(known, number) : undefined
  }
  let lines
  let here
  let follows = true
  on(window, "wheel", () => (follows = false))
  on(window, "touchmove", () => (follows = false))
  /* Any other scroll is the reader's, unless it comes soon after one of ours. */
  let scrolled = 0
  on(window, "scroll", () => (follows &&= performance.now() - scrolled < 1000))
  const follow = second => {
    lines ??= all(ADDRESSED)
      .map(({ id }) => ({ id, from: timed(id) }))
      .filter(({ id, from }) => from !== undefined && parseAddress(id).word === 1)
    const now = second < 0 ? undefined : lines.findLast(({ from }) => from <= second + 0.25)
    if (now === here) return
    here = now
    article.querySelector(".sic-playing")?.classList.remove("sic-playing")
    CSS.highlights?.delete("sic-spoken")
    if (!now) return
    const target = document.getElementById(now.id)
    const paragraph = paragraphOf(target)
    paragraph?.classList.add("sic-playing")
    const range =
      !known.length && !target.matches(`${PARAGRAPHS}, ${ADDRESS_LINKS}`) && rangeOf(now.id)
    if (range && CSS.highlights) CSS.highlights.set("sic-spoken", new Highlight(range))
    const { top, bottom } = (range || paragraph).getBoundingClientRect()
    if (!follows || (top >= 80 && bottom <= innerHeight - 160)) return
    scrolled = performance.now()
    scrollBy(0, top - innerHeight / 3)
  }
  let dock
  const play = async (second, chosen) => {
    const open = await window.sicIndex.read("listening", "assets/listening.js")
    dock ??= open({ links, opener: link, follow, signal: page.signal })
    follows = true
    scrolled = performance.now()
    dock(second, chosen)
  }
  on(page.signal, "abort", () => CSS.highlights?.delete("sic-spoken"))
  for (const one of new Set([link, ...links]))
    on(one, "click", event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      play(undefined, one === link ? links[0] : one)
    })
  return id => {
    const second = timed(id)
    if (second === undefined) return []
    const told = by && known.some(([line]) => line === parseAddress(id).number)
    const from = `Play from ${told ? "" : "about "}${clock(second)}${by ? ` (time of ${by})` : ""}`
    return [button(known.length ? from : "Play", () => play(second))]
  }
}
