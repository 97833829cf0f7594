import { announce } from "./copying.js"
import { element } from "./elements.js"
import { kept } from "./keeping.js"
import { all, article, on } from "./page.js"
import { tr } from "./texts.js"
import { UNHEARD } from "./words.js"

const MODES = {
  corrected: [tr("Corrected"), tr("The words that were said")],
  heard: [tr("As heard"), tr("The words that the machine wrote")],
  clean: [tr("Clean"), tr("Corrected, without marks, fillers and false starts")],
}

const read = mode => {
  article.dataset.read = mode
  for (const mark of all("ins[data-heard]")) {
    mark.said ??= [...mark.childNodes]
    const heard = mark.dataset.heard
    if (mode === "heard") mark.replaceChildren(heard && !mark.said.length ? ` ${heard}` : heard)
    else mark.replaceChildren(...mark.said)
  }
}

export const readingModes = () => {
  const group = element(
    "fieldset",
    { class: "sic-ways" },
    element("legend", { class: "sic-hidden" }, tr("How to read")),
  )
  const chosen = [new URLSearchParams(location.search).get("read"), kept("read"), "corrected"].find(
    mode => mode in MODES,
  )
  for (const mode in MODES) {
    const [label, title] = MODES[mode]
    const input = element("input", { type: "radio", name: "sic-way" })
    input.checked = mode === chosen
    on(input, "change", () => {
      read(mode)
      announce(`${label}: ${title}`)
      kept("read", mode)
      const here = new URL(location)
      here.searchParams.set("read", mode)
      if (mode === "corrected") here.searchParams.delete("read")
      history.replaceState(history.state, "", here)
    })
    group.append(element("label", { title }, input, element("span", {}, label)))
  }
  read(chosen)
  return group
}

/* The selector of text in a paragraph that is not speech. */
export const unsaid = () => `${UNHEARD}${article.dataset.read === "clean" ? ", .sic-f" : ""}`
