import { say } from "./copying.js"
import { element } from "./elements.js"
import { all, article, on } from "./page.js"

const WAYS = {
  corrected: ["Corrected", "The words that were said"],
  heard: ["As heard", "The words that the recogniser wrote"],
  clean: ["Clean", "Corrected, without fillers and false starts"],
}

/* Browsers may refuse storage. */
const remember = way => {
  try {
    if (way) localStorage["sic-read"] = way
    return localStorage["sic-read"]
  } catch {}
}

const read = way => {
  article.dataset.read = way
  for (const mark of all("ins[data-heard]")) {
    mark.said ??= [...mark.childNodes]
    const heard = mark.dataset.heard
    if (way === "heard") mark.replaceChildren(heard && !mark.said.length ? ` ${heard}` : heard)
    else mark.replaceChildren(...mark.said)
  }
}

export const ways = () => {
  const group = element(
    "fieldset",
    { class: "sic-ways" },
    element("legend", { class: "sic-hidden" }, "How to read"),
  )
  const chosen = [new URLSearchParams(location.search).get("read"), remember(), "corrected"].find(
    way => way in WAYS,
  )
  for (const way in WAYS) {
    const [label, title] = WAYS[way]
    const input = element("input", { type: "radio", name: "sic-way" })
    input.checked = way === chosen
    on(input, "change", () => {
      read(way)
      say(`${label}: ${title}`)
      remember(way)
      const here = new URL(location)
      here.searchParams.set("read", way)
      if (way === "corrected") here.searchParams.delete("read")
      history.replaceState(history.state, "", here)
    })
    group.append(element("label", { title }, input, element("span", {}, label)))
  }
  read(chosen)
  return group
}

/* The selector of text in a paragraph that is not speech. */
export const unsaid = () =>
  `sup, .sic-at, .sic-speaker${article.dataset.read === "clean" ? ", .sic-f" : ""}`
