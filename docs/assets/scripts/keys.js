import { isTyping, modified } from "./typing.js"
import { on } from "./page.js"

export const KEYS = [
  "t: find",
  "j, k: next and previous chapter",
  "?: marks",
  "← →: along a paragraph’s links",
]

export const keys = acts =>
  on(document, "keydown", event => {
    const act = acts[event.key]
    const held = event.key === "?" ? event.ctrlKey || event.metaKey : modified(event)
    if (!act || held || event.isComposing) return
    if (isTyping(event.composedPath()[0])) return
    event.preventDefault()
    act()
  })
