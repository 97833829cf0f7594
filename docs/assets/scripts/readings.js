import { announce } from "./copying.js"
import { element } from "./elements.js"
import { kept } from "./keeping.js"
import { all, article, on } from "./page.js"
import { PARAGRAPHS } from "./addresses.js"
import { tr } from "./texts.js"
import { UNHEARD } from "./words.js"

const MODES = {
  corrected: [tr("Corrected"), tr("With all corrections, marked")],
  heard: [tr("As heard"), tr("The words that the machine wrote")],
  clean: [tr("Clean"), tr("Corrected, without marks, fillers and false starts")],
}

/* The node and the offset of each letter of the speech: of all signs but blanks. */
const findLetters = () => {
  const letters = []
  for (const paragraph of all(PARAGRAPHS)) {
    const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT)
    for (let node; (node = texts.nextNode());)
      if (!node.parentElement.closest(UNHEARD))
        for (const { 0: letter, index } of node.data.matchAll(/\S/gu))
          letters.push({ node, start: index, end: index + letter.length })
  }
  return letters
}

const wrap = (name, node, start, end) => {
  const range = new Range()
  range.setStart(node, start)
  range.setEnd(node, end)
  range.surroundContents(element("span", { class: name }))
}

/* Wraps fillers, from the last to the first, so that the places of those before them stay.
   The page lists them by the number of letters before each and in each, as
   build_tools/transcript/fillers.py counts them; a page that a browser translated has others. */
const wrapFillers = () => {
  const counts = article.querySelector("[data-fillers]")?.dataset.fillers.split(" ") ?? []
  const letters = findLetters()
  const counted = counts.reduce((sum, count) => sum + parseInt(count, 10), 0)
  if (counted !== letters.length || article.querySelector(".sic-f")) return
  let end = counted
  for (let number = counts.length - 1; number > 0; number -= 2) {
    end -= parseInt(counts[number], 10)
    const first = end - parseInt(counts[number - 1], 10)
    const next = counts[number - 1].endsWith("u") && letters[end]
    // The words of a mark are put in and out as they are.
    if (next && !next.node.parentElement.closest("ins"))
      wrap("sic-u", next.node, next.start, next.end)
    wrapLetters(letters.slice(first, end))
    end = first
  }
}

/* The blank behind a filler is hidden with it, unless the filler begins with its comma. */
const wrapLetters = letters => {
  let keepsBlank = letters[0].node.data[letters[0].start] === ","
  while (letters.length) {
    const { node, end } = letters.at(-1)
    const first = letters.findIndex(letter => letter.node === node)
    const [blank] = keepsBlank ? [""] : /^\s*/.exec(node.data.slice(end))
    wrap("sic-f", node, letters[first].start, end + blank.length)
    letters = letters.slice(0, first)
    keepsBlank = false
  }
}

const read = mode => {
  article.dataset.read = mode
  for (const mark of all("ins[data-heard]")) {
    mark.said ??= [...mark.childNodes]
    const heard = mark.dataset.heard
    if (mode === "heard") mark.replaceChildren(heard && !mark.said.length ? ` ${heard}` : heard)
    else mark.replaceChildren(...mark.said)
  }
  if (mode === "clean") wrapFillers()
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
