import { element } from "./elements.js"
import { on } from "./page.js"

export const button = (label, act, attributes) => {
  const made = element("button", { type: "button", ...attributes }, label)
  on(made, "click", act)
  return made
}

export const iconButton = (label, title, act) => button(label, act, { title, "aria-label": title })
