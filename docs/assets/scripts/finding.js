import { PARAGRAPHS } from "./addresses.js"
import { button, iconButton } from "./controls.js"
import { element, field } from "./elements.js"
import { fold, foldAll } from "./folding.js"
import { all, article, on, page } from "./page.js"
import { REACHED } from "./place.js"
import { unsaid } from "./readings.js"
import { tr } from "./texts.js"

/* The folded text that is shown, with the node and offset of each character. */
const wordsOf = () => {
  const hidden = unsaid()
  const [signs, places, paragraphs, marks] = [[], [], [], []]
  let speaker = ""
  const add = (sign, node, offset) => {
    if (sign === " " && " \n".includes(signs.at(-1))) return
    for (const part of sign) {
      signs.push(part)
      places.push([node, offset])
    }
  }
  for (const paragraph of all(PARAGRAPHS)) {
    add("\n")
    speaker = paragraph.querySelector(".sic-speaker")?.textContent ?? speaker
    paragraphs.push([signs.length, speaker, paragraph])
    const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT)
    for (let node; (node = texts.nextNode());)
      if (!node.parentElement.closest(hidden)) {
        const mark = node.parentElement.closest("ins[data-heard]")
        if (mark && article.dataset.read !== "heard")
          marks.push([signs.length, node.length, ` ${foldAll(mark.dataset.heard)} `])
        for (let offset = 0; offset < node.length; offset++)
          add(fold(node.data[offset]), node, offset)
      }
  }
  const text = signs.join("")
  /* The places of words as they are shown, and of those that were heard in their place. */
  const find = (wanted, by) => {
    const found = []
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length))
      found.push([at, wanted.length])
    for (const [at, length, heard] of marks)
      if (heard.includes(` ${wanted} `) && !text.startsWith(wanted, at)) found.push([at, length])
    if (!by) return found.sort((a, b) => a[0] - b[0])
    let number = 0
    return found
      .sort((a, b) => a[0] - b[0])
      .filter(([at]) => {
        while (paragraphs[number + 1]?.[0] <= at) number++
        return paragraphs[number][1] === by
      })
  }
  const made = new Range()
  const range = ([at, length]) => {
    made.setStart(...places[at])
    const [node, last] = places[at + length - 1]
    made.setEnd(node, last + 1)
    return made
  }
  return { paragraphs, find, range }
}

export const finding = bar => {
  const input = field(tr("Find in this transcript"))
  const speakers = new Set(all(".sic-speaker").map(name => name.textContent))
  const who = element(
    "select",
    { "aria-label": tr("Speaker") },
    new Option(tr("All"), ""),
    ...[...speakers].map(name => new Option(name)),
  )
  who.hidden = !speakers.size
  const count = element("output")
  const form = element(
    "form",
    { class: "sic-find", role: "search", "aria-label": input.placeholder, hidden: "" },
    input,
    who,
    count,
    iconButton("↑", tr("Previous (Shift+Enter)"), () => step(-1)),
    iconButton("↓", tr("Next (Enter)"), () => step(1)),
    iconButton("×", tr("Close (Escape)"), () => close()),
  )
  const opener = button(tr("Find"), () => open(), {
    class: "sic-open",
    title: `${input.placeholder} (t)`,
  })
  let words
  let found = []
  let current = 0
  let from = 0

  const mark = (name, ats) =>
    CSS.highlights?.set(name, new Highlight(...ats.map(at => new StaticRange(words.range(at)))))
  const clear = () => ["sic-found", "sic-current"].forEach(name => CSS.highlights?.delete(name))

  const show = chosen => {
    count.textContent = found.length
      ? tr("{number} of {all}", { number: current + 1, all: found.length })
      : input.value.trim()
        ? tr("Not found")
        : ""
    mark("sic-current", found.slice(current, current + 1))
    if (!found.length) return
    from = found[current][0]
    const range = words.range(found[current])
    const box = range.getBoundingClientRect()
    if (box.top < bar.getBoundingClientRect().bottom + 16 || box.bottom > innerHeight - 40)
      scrollBy({ top: box.top - innerHeight / 3, behavior: "instant" })
    if (CSS.highlights || !chosen) return
    getSelection().removeAllRanges()
    getSelection().addRange(range)
  }
  const step = by => {
    current = (current + by + found.length) % found.length || 0
    show(true)
  }
  const search = () => {
    const wanted = foldAll(input.value)
    found = wanted ? words.find(wanted, who.value) : []
    current = Math.max(
      found.findIndex(([at]) => at >= from),
      0,
    )
    mark("sic-found", found)
    show()
  }

  const toggle = opens => (form.hidden = !bar.classList.toggle("sic-finding", opens))
  const open = () => {
    if (form.hidden) {
      toggle(true)
      words = wordsOf()
      from =
        words.paragraphs.find(
          ([, , paragraph]) => paragraph.getBoundingClientRect().bottom > REACHED,
        )?.[0] ?? 0
      search()
    }
    input.select()
  }
  const close = () => {
    toggle(false)
    clear()
    opener.focus({ preventScroll: true })
  }

  on(input, "input", search)
  on(form, "submit", event => event.preventDefault())
  on(form, "keydown", event => {
    if (event.key === "Escape") close()
    else if (event.key === "Enter" && event.target === input && !event.isComposing)
      step(event.shiftKey ? -1 : 1)
    else return
    event.preventDefault()
  })
  on(bar, "change", event => {
    if (form.hidden || event.target === input) return
    words = wordsOf()
    search()
  })
  on(page.signal, "abort", clear)
  bar.append(opener, form)
  return open
}
