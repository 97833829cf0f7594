/* A result of a search as an item of a list. Text of pages is inserted as text, never as HTML. */

import { parseAddress } from "./addresses.js"
import { element } from "./elements.js"
import { nameLine } from "./lines.js"
import { tr } from "./texts.js"

const clock = seconds => {
  const hours = Math.floor(seconds / 3600)
  return (hours ? `${hours}:` : "") + new Date(seconds * 1000).toISOString().slice(14, 19)
}

export const placeOf = id => {
  const place = parseAddress(id)
  return place.unit === "second" ? clock(place.number) : nameLine(place)
}

/* The page of a path as the engine writes it: as a file, or in a folder of its own. */
export const hrefOf = (path, words, anchor, asFiles) => {
  const page = asFiles ? `${path}.html` : `${path}/`.replace(/(^|\/)index\/$/, "$1")
  const url = window.sicIndex.atTop(page)
  if (words.length) url.searchParams.set("h", words.join(" "))
  url.hash = anchor ?? ""
  return url
}

const marked = pieces => pieces.map(([text, found]) => (found ? element("mark", {}, text) : text))
const joined = texts => texts.filter(Boolean).join(" · ")

export const render = (result, asFiles) => {
  const { path, anchor, words, speaker, chapter, talk, year, pieces, note, also = "" } = result
  const [head, below] = talk
    ? [
        joined([[speaker ?? tr("Chapter"), placeOf(anchor)].filter(Boolean).join(", "), chapter]),
        joined([talk, year]),
      ]
    : [result.head, joined(result.below)]
  return element(
    "li",
    {},
    element(
      "a",
      { href: hrefOf(path, words, anchor, asFiles) },
      element("b", {}, head),
      below ? element("small", {}, below) : "",
      element("p", {}, ...marked(pieces)),
      note ? element("p", { class: "sic-in-note" }, ...marked(note)) : "",
    ),
    also,
  )
}
