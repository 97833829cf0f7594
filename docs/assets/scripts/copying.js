import { button } from "./controls.js"
import { element } from "./elements.js"
import { all, on } from "./page.js"
import { tr } from "./texts.js"

export const status = element("span", { role: "status", class: "sic-hidden" })

export const announce = text => (status.textContent = text)

export const copy = async (text, what) => {
  try {
    await navigator.clipboard.writeText(text)
    announce(tr("{what} copied", { what }))
    return true
  } catch {}
}

export const copyButton = (label, what, render) => {
  const made = button(label, async () => {
    made.textContent = (await copy(render(), what)) ? tr("Copied") : tr("Not copied")
    setTimeout(() => (made.textContent = label), 1200)
  })
  return made
}

/* Notes stand between the paragraphs; a copy of several paragraphs goes without them. */
export const cleanCopies = () =>
  on(document, "copy", event => {
    const copied = getSelection().rangeCount && getSelection().getRangeAt(0).cloneContents()
    if (!copied || !copied.querySelector(".sic-note")) return
    all(".sic-note, .sic-hidden, sup, .sic-at", copied).forEach(part => part.remove())
    const texts = [...copied.childNodes].map(node => node.textContent.trim()).filter(Boolean)
    event.clipboardData.setData("text/plain", texts.join("\n\n"))
    event.preventDefault()
  })
