/* The sheet of marks: what they mean, which are shown, and how large the words are. */

import { button } from "./controls.js"
import { element } from "./elements.js"
import { kept } from "./keeping.js"
import { KEYS } from "./keys.js"
import { article, on, page } from "./page.js"

const MEANINGS = {
  corrections: ["Corrections", "the machine misheard, and the note says what"],
  doubts: ["Doubts", "we are not sure. Can you tell?"],
  terms: ["Terms", "explained where you touch them"],
  notes: ["Notes", "what you may need to know"],
  variants: ["Differences", "other recognisers heard other words"],
  times: ["Times", "or lines: each is an address"],
}

export const marks = (bar, ways) => {
  const hidden = new Set(kept("hide")?.match(/\w+/g))
  const apply = () => {
    article.dataset.hide = [...hidden].join(" ")
    article.style.setProperty("--sic-size", kept("size") ?? 1)
  }
  const meanings = Object.entries(MEANINGS).filter(
    ([name]) => name !== "variants" || article.querySelector(".sic-variant"),
  )
  const rows = meanings.map(([name, [label, meaning]]) => {
    const input = element("input", { type: "checkbox" })
    input.checked = !hidden.has(name)
    on(input, "change", () => {
      hidden[input.checked ? "delete" : "add"](name)
      kept("hide", [...hidden].join(" "))
      apply()
    })
    const sample = element("span", { class: `sic-${name}` }, label)
    return element("label", {}, input, sample, ` ${meaning}`)
  })
  const size = element("input", { type: "range", min: 0.8, max: 1.6, step: 0.1 })
  size.value = kept("size") ?? 1
  on(size, "input", () => {
    kept("size", size.value)
    apply()
  })
  const sheet = element(
    "dialog",
    { class: "sic-marks", "aria-label": "Marks" },
    ...rows,
    element("label", {}, "Size of type", size),
    element("p", {}, KEYS.join(" · ")),
    button("Done", () => sheet.close()),
  )
  const open = () => {
    if (sheet.open) return sheet.close()
    sheet.prepend(ways)
    sheet.showModal()
  }
  on(sheet, "click", event => event.target === sheet && sheet.close())
  /* The event comes later than the close, perhaps after the sheet was opened again. */
  on(sheet, "close", () => sheet.open || bar.querySelector(".sic-open").before(ways))
  on(page.signal, "abort", () => sheet.remove())
  document.body.append(sheet)
  apply()
  return open
}
