import { paragraphOf } from "./addresses.js"
import { element } from "./elements.js"

const FOUND = "data-found"
/* Height in pixels that sticky elements below the header may cover. */
const COVERED = 60

const show = mark => {
  const { top, bottom } = mark.getBoundingClientRect()
  const header = document.querySelector(".md-header")?.getBoundingClientRect().bottom ?? 0
  if (top < header + COVERED || bottom > innerHeight) mark.scrollIntoView({ block: "center" })
}

const markWords = (root, words) => {
  const literal = words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")
  const wanted = new RegExp(`(?<![\\p{L}\\p{N}])(?:${literal})(?![\\p{L}\\p{N}])`, "giu")
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const texts = []
  while (walker.nextNode()) texts.push(walker.currentNode)
  for (const text of texts)
    for (const match of [...text.data.matchAll(wanted)].reverse()) {
      const range = new Range()
      range.setStart(text, match.index)
      range.setEnd(text, match.index + match[0].length)
      range.surroundContents(element("mark", { [FOUND]: "" }))
    }
  /* The recogniser's words are in an attribute. */
  for (const change of root.querySelectorAll("ins[data-heard]")) {
    if (change.querySelector("mark") || !change.dataset.heard.match(wanted)) continue
    const mark = element("mark", { [FOUND]: "" })
    mark.append(...change.childNodes)
    change.append(mark)
  }
}

/* Marks the words of a search result in the paragraph of its address, or in the whole page. */
export const land = () => {
  const words = (new URLSearchParams(location.search).get("h") ?? "").match(/[\p{L}\p{N}][^\s]*/gu)
  const article = document.querySelector("article")
  if (!words || !article) return
  const target = document.getElementById(location.hash.slice(1))
  const said = target && paragraphOf(target)
  const root = said ?? article
  if (!root.querySelector(`[${FOUND}]`)) markWords(root, words)
  /* The longest word tells most. */
  const marks = [...root.querySelectorAll(`[${FOUND}]`)].filter(mark => mark.offsetHeight)
  const length = mark => mark.textContent.length
  if (said && marks.length) show(marks.reduce((a, b) => (length(b) > length(a) ? b : a)))
}
