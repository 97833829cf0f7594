/* Elements that float above the text. */

import { on, page } from "./page.js"

export const float = part => {
  document.querySelector("main").append(part)
  on(page.signal, "abort", () => part.remove())
}

export const moveTo = (part, left, top) => {
  part.style.left = `${Math.max(8, Math.min(left, document.body.clientWidth - part.offsetWidth - 8)) + scrollX}px`
  part.style.top = `${top + scrollY}px`
}
