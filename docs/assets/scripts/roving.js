import { on } from "./page.js"
import { modified } from "./typing.js"

export const rove = (host, stops) => {
  const stay = stop => stops.forEach(other => (other.tabIndex = other === stop ? 0 : -1))
  stay(stops[0])
  on(host, "focusin", event => stops.includes(event.target) && stay(event.target))
  on(host, "keydown", event => {
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
  })
}
