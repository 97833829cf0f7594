/* A result of the search of a large collection, with the best places in it. */

import { parseAddress } from "./addresses.js"
import { element } from "./elements.js"

const AROUND = [8, 24]

const clock = seconds => {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts
    .slice(parts[0] ? 0 : 1)
    .map(part => `${part}`.padStart(2, "0"))
    .join(":")
    .replace(/^0(?=\d:\d\d:)/, "")
}
const placeOf = id => {
  const { unit, number } = parseAddress(id)
  return unit === "second" ? clock(number) : `${unit} ${number}`
}

const BARE = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu

/* The parts of a record between its anchors, with the matches in each. */
const partsOf = ({ content, anchors, weighted_locations: found }) => {
  const words = content.split(/\s+/)
  const places = [{ id: "", location: 0 }, ...anchors.sort((a, b) => a.location - b.location)]
  const parts = places.map(({ id, text, location }, number) => ({
    id,
    text,
    words,
    number,
    start: location,
    end: places[number + 1]?.location ?? words.length,
    at: [],
    found: new Set(),
    weight: 0,
  }))
  for (const { location, weight } of found) {
    const part = parts.findLast(({ start, end }) => start <= location && location < end)
    if (!part) continue
    part.at.push(location)
    part.found.add((words[location] ?? "").replace(BARE, "").toLowerCase())
    part.weight += weight
  }
  return parts
}
const best = parts =>
  parts
    .filter(({ at }) => at.length)
    .sort((a, b) => b.found.size - a.found.size || b.weight - a.weight || a.start - b.start)

const excerpt = ({ words, start, end, at }) => {
  /* The excerpt begins near the match with the most matches after it. */
  const near = place => at.filter(other => place <= other && other < place + AROUND[1]).length
  const first = at.reduce(
    (most, place) => (near(place) > near(most) ? place : most),
    at[0] ?? start,
  )
  const from = Math.max(start, first - AROUND[0])
  const to = Math.min(end, from + AROUND[0] + AROUND[1])
  const shown = element("p")
  if (from > start) shown.append("… ")
  for (let number = from; number < to; number++) {
    const word = words[number]
    const bare = at.includes(number) && word.replace(BARE, "")
    if (bare) {
      const [before] = word.split(bare)
      shown.append(before, element("mark", {}, bare), word.slice(before.length + bare.length), " ")
    } else shown.append(word, " ")
  }
  if (to < end) shown.append("…")
  return shown
}

const hrefOf = (page, { id, found }) => {
  const url = new URL(page)
  if (found.size) url.searchParams.set("h", [...found].join(" "))
  url.hash = id
  return url
}

export const render = data => {
  const parts = partsOf(data)
  const [part = parts[1] ?? parts[0], ...others] = best(parts)
  const record = new URL(data.url, location.href)
  const { speaker, transcript, year } = data.filters
  let page = record
  let names
  if (transcript) {
    /* A record of a speaker is below the page of the transcript. */
    page = new URL("..", record)
    const chapters = Object.fromEntries(
      data.meta.chapters.split(" ¶ ").map(line => line.match(/^(\S+) ?(.*)/).slice(1)),
    )
    const chapter = parts.slice(0, part.number + 1).findLast(({ id }) => id in chapters)
    const said = [...(speaker ?? []), placeOf(part.id)].join(", ")
    names = [
      [said, chapters[chapter?.id]],
      [...transcript, ...(year ?? [])],
    ]
  } else names = [[data.meta.title], [part.text === data.meta.title ? "" : part.text]]
  const [head, below] = names.map(texts => texts.filter(Boolean).join(" · "))
  const shown = element(
    "li",
    {},
    element(
      "a",
      { href: hrefOf(page, part) },
      element("b", {}, head),
      element("small", {}, below),
      excerpt(part),
    ),
  )
  const more = transcript ? others.slice(0, 5) : []
  if (more.length) {
    shown.append(
      element(
        "p",
        { class: "sic-also" },
        "Also at ",
        ...more.flatMap((other, number) => [
          number ? ", " : "",
          element("a", { href: hrefOf(page, other) }, placeOf(other.id)),
        ]),
      ),
    )
  }
  return shown
}
