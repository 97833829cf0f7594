import { on } from "./page.js"
import { modified } from "./typing.js"

/* Makes one tab stop of several, which are in the host or behind it. */
export const rove = (host, stops, behind = []) => {
  const stay = stop => stops.forEach(other => (other.tabIndex = other === stop ? 0 : -1))
  stay(stops[0])
  for (const part of [host, ...behind]) {
    on(part, "focusin", event => stops.includes(event.target) && stay(event.target))
    on(part, "keydown", event => step(event))
  }
  const step = event => {
    const number = stops.indexOf(event.target)
    if (number < 0 || modified(event)) return
    const ahead = getComputedStyle(host).direction === "rtl" ? -1 : 1
    const next =
      stops[
        { ArrowRight: number + ahead, ArrowLeft: number - ahead, Home: 0, End: stops.length - 1 }[
          event.key
        ]
      ]
    if (!next) return
    event.preventDefault()
    next.focus()
  }
}
