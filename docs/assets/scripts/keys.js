import { isTyping, modified } from "./typing.js"
import { on } from "./page.js"

export const KEYS = [
  "t: find",
  "j: next chapter",
  "k: previous chapter",
  "← →: along a paragraph’s links",
]

export const keys = acts =>
  on(document, "keydown", event => {
    const act = acts[event.key]
    if (!act || modified(event) || event.isComposing) return
    if (isTyping(event.composedPath()[0])) return
    event.preventDefault()
    act()
  })
