/* The way back: to the place where the reader stopped, and from an entry to the line. */

import { parseAddress } from "./addresses.js"
import { iconButton } from "./controls.js"
import { element } from "./elements.js"
import { kept } from "./keeping.js"
import { article, on, page } from "./page.js"
import { paragraphHere } from "./place.js"
import { nameLine } from "./lines.js"
import { tr } from "./texts.js"

const offer = (label, href) => {
  const made = element("p", { class: "sic-return" }, element("a", { href }, label))
  made.append(iconButton("×", tr("Close"), () => made.remove()))
  on(made.firstChild, "click", () => made.remove())
  on(page.signal, "abort", () => made.remove())
  document.body.append(made)
}

const here = () => {
  const link = paragraphHere()?.querySelector(".sic-at")
  if (!link) return
  const place = parseAddress(link.hash.slice(1))
  return `${link.hash} ${place.unit === "second" ? link.textContent : nameLine(place)}`
}

export const rememberPlace = () => {
  const name = `at:${location.pathname}`
  const [hash, ...label] = (kept(name) ?? "").split(" ")
  const offers = () => {
    if (label.length && !location.hash && scrollY < 200)
      offer(tr("Continue at {place}", { place: label.join(" ") }), hash)
  }
  if (document.readyState === "complete") offers()
  else on(window, "load", () => requestAnimationFrame(offers))
  let timer
  on(window, "scroll", () => {
    clearTimeout(timer)
    timer = setTimeout(() => kept(name, scrollY > innerHeight ? (here() ?? "") : ""), 400)
  })
  on(article, "click", event => {
    const link = event.target.closest("a[href]")
    if (link?.pathname !== location.pathname)
      kept("back", `${link?.href} ${location.pathname}${here() ?? ""}`, "sessionStorage")
  })
}

export const offerWayBack = () => {
  const [to, href, ...label] = (kept("back", undefined, "sessionStorage") ?? "").split(" ")
  if (to === location.href && label.length)
    offer(tr("‹ Back to {place}", { place: label.join(" ") }), href)
}
