import { PARAGRAPHS } from "./addresses.js"
import { copyButton } from "./copying.js"
import { element } from "./elements.js"
import { float, moveTo } from "./floating.js"
import { all, article, canonical, on } from "./page.js"
import { unsaid } from "./readings.js"
import { suggests } from "./suggesting.js"
import { tr } from "./texts.js"
import { addressOf, UNHEARD } from "./words.js"

// Signs that mean something to TeX and to Markdown, or to HTML inside it.
const TEX = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
}
const tex = text => text.replace(/[\\~^{}&%$#_]/g, sign => TEX[sign] ?? `\\${sign}`)
const markdown = text =>
  text
    .replace(/[\\`*_[\]<>&~|]/g, "\\$&")
    .replace(/^[#+=-]/, "\\$&")
    .replace(/^(\d+)([.)])/, "$1\\$2")

/* Quotation marks inside others. */
const inner = text => text.replace(/„/g, "‚").replace(/“/g, "‘").replace(/”/g, "’")

const FORMS = {
  [tr("Quote")]: q =>
    `${tr("“{words}”", { words: inner(q.words) })} (${q.speaker}, ${q.title}, ${q.date}${q.corrected}) ${q.url}`,
  Markdown: q =>
    `> ${markdown(q.words)}\n>\n> ${markdown(q.speaker)}, [${markdown(q.title)}](${q.url}), ${q.date}${q.corrected}`,
  BibTeX: q => `@misc{${q.key},
  author = {{${tex(q.speaker)}}},
  title = {{${tex(q.title)}}},
  year = {${q.date.slice(0, 4)}},
  date = {${q.date}},
  url = {${q.url}},
  note = {“${tex(inner(q.words))}”${q.corrected}},
}`,
  [tr("Link to words")]: q => {
    const words = q.words.split(" ")
    const ends = words.length > 8 ? [words.slice(0, 4), words.slice(-4)] : [words]
    const text = ends.map(part => encodeURIComponent(part.join(" ")).replace(/-/g, "%2D"))
    return `${q.url}:~:text=${text}`
  },
}

const firstWords = range => {
  const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT)
  for (let text; (text = texts.nextNode());) {
    const shown = text.data.trim() && !text.parentElement.closest(UNHEARD)
    if (
      shown &&
      range.intersectsNode(text) &&
      !(text === range.startContainer && range.startOffset === text.length)
    )
      return text
  }
  return range.startContainer
}

export const quotation = range => {
  const copied = range.cloneContents()
  const first = firstWords(range)
  all(unsaid(), copied).forEach(inner => inner.remove())
  const before = selector =>
    all(selector).findLast(
      found =>
        found.contains(first) ||
        found.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING,
    )
  const address = addressOf(first, first === range.startContainer ? range.startOffset : 0)
  const date = article.querySelector(".sic-facts")?.dataset.date ?? ""
  const name = before(".sic-speaker")
  const full = all(".sic-facts a").find(({ href }) => href === name?.href)
  const speaker = (full ?? name)?.textContent ?? ""
  return {
    range,
    words: copied.textContent.replace(/\s+/g, " ").trim(),
    speaker,
    title: article.querySelector("h1").firstChild.textContent.trim(),
    date,
    url: `${canonical() ?? location.href.replace(/[?#].*/, "")}#${address}`,
    key: `${(name?.textContent ?? "").toLowerCase().replace(/\W+/g, "")}${date.slice(0, 4)}${address}`,
    corrected:
      article.dataset.read !== "heard" && copied.querySelector("ins")
        ? tr(", corrected from a machine’s transcript")
        : "",
  }
}

/* The same range from the edge of a word to the edge of a word. */
const snap = given => {
  const range = given.cloneRange()
  const { startContainer: first, endContainer: last } = range
  if (first.nodeType === Node.TEXT_NODE) {
    const [tail] = /[\p{L}\p{N}’']*$/u.exec(first.data.slice(0, range.startOffset))
    range.setStart(first, range.startOffset - tail.length)
  }
  if (last.nodeType === Node.TEXT_NODE && range.endOffset) {
    const [head] = /^[\p{L}\p{N}’']*/u.exec(last.data.slice(range.endOffset))
    range.setEnd(last, range.endOffset + head.length)
  }
  return range
}

export const quoting = () => {
  const bar = element("div", {
    class: "sic-quote",
    role: "toolbar",
    "aria-label": tr("Quote the selection"),
    hidden: "",
  })
  let chosen
  let timer
  let offered = []
  for (const label in FORMS) bar.append(copyButton(label, label, () => FORMS[label](chosen)))
  const update = () => {
    const selection = getSelection()
    const range = selection.rangeCount ? selection.getRangeAt(0) : null
    const inside = range && !range.collapsed && article.contains(range.commonAncestorContainer)
    const from = range?.startContainer
    bar.hidden =
      !(inside && (from.closest ? from : from.parentElement).closest(PARAGRAPHS)) ||
      document.activeElement.closest(".sic-find")
    if (bar.hidden) return
    chosen = quotation(snap(range))
    offered.forEach(part => part.remove())
    offered = suggests(chosen)
    bar.append(...offered)
    const { left, bottom } = range.getBoundingClientRect()
    moveTo(bar, left, bottom + 8)
  }
  on(document, "selectionchange", () => {
    clearTimeout(timer)
    timer = setTimeout(update, 250)
  })
  float(bar)
}
