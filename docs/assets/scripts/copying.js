import { button } from "./controls.js"
import { element } from "./elements.js"

export const status = element("span", { role: "status", class: "sic-hidden" })

export const announce = text => (status.textContent = text)

export const copy = async (text, what) => {
  try {
    await navigator.clipboard.writeText(text)
    announce(`${what} copied`)
    return true
  } catch {}
}

export const copyButton = (label, what, render) => {
  const made = button(label, async () => {
    made.textContent = (await copy(render(), what)) ? "Copied" : "Not copied"
    setTimeout(() => (made.textContent = label), 1200)
  })
  return made
}
