import { paragraphOf } from "./addresses.js"
import { element } from "./elements.js"

/* Marks the words of a search result in the paragraph of its address, or in the whole page. */
export const land = () => {
  const words = (new URLSearchParams(location.search).get("h") ?? "").match(/[\p{L}\p{N}][^\s]*/gu)
  const article = document.querySelector("article")
  if (!words || !article || article.querySelector("mark[data-found]")) return
  const target = document.getElementById(location.hash.slice(1))
  const said = target && paragraphOf(target)
  const literal = words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")
  const wanted = new RegExp(`(?<![\\p{L}\\p{N}])(?:${literal})(?![\\p{L}\\p{N}])`, "giu")
  const walker = document.createTreeWalker(said ?? article, NodeFilter.SHOW_TEXT)
  const texts = []
  while (walker.nextNode()) texts.push(walker.currentNode)
  for (const text of texts) {
    for (const match of [...text.data.matchAll(wanted)].reverse()) {
      const range = new Range()
      range.setStart(text, match.index)
      range.setEnd(text, match.index + match[0].length)
      range.surroundContents(element("mark", { "data-found": "" }))
    }
  }
}
