import { tr } from "./texts.js"
import { isTyping, modified } from "./typing.js"
import { on } from "./page.js"

export const KEYS = [
  tr("t: find"),
  tr("j, k: next and previous chapter"),
  tr("?: marks"),
  tr("← →: along a paragraph’s links"),
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
