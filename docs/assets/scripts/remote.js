/* Speech of a large collection: Pagefind finds records of it, and requests files of this site only. */

import { element } from "./elements.js"
import { hrefOf, placeOf } from "./results.js"
import { tr } from "./texts.js"

const BARE = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu
const AROUND = [8, 24]

const open = async () => {
  const folder = window.sicIndex.atTop("pagefind/").pathname
  const pagefind = await import(`${folder}pagefind.js`)
  await pagefind.options({ basePath: folder, ranking: { metaWeights: { chapters: 1 } } })
  await Promise.all([pagefind.init(), pagefind.filters()])
  return pagefind
}

let opened

/* The parts of a record between its anchors, with the matches in each, the best part first. */
const partsOf = ({ content, anchors, weighted_locations: found }) => {
  const words = content.split(/\s+/)
  const places = anchors.sort((a, b) => a.location - b.location)
  const parts = places.map(({ id, location }, number) => ({
    id,
    words,
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
    part.found.add((words[location] ?? "").replace(BARE, ""))
    part.weight += weight
  }
  return parts
    .filter(({ at }, number) => at.length || !number)
    .sort((a, b) => b.found.size - a.found.size || b.weight - a.weight || a.start - b.start)
}

const excerpt = ({ words, start, end, at }) => {
  /* The excerpt begins near the match with the most matches after it. */
  const near = place => at.filter(other => place <= other && other < place + AROUND[1]).length
  const first = at.reduce(
    (most, place) => (near(place) > near(most) ? place : most),
    at[0] ?? start,
  )
  const from = Math.max(start, first - AROUND[0])
  const to = Math.min(end, from + AROUND[0] + AROUND[1])
  const pieces = from > start ? [["… ", false]] : []
  for (let number = from; number < to; number++) {
    const word = words[number]
    const bare = at.includes(number) && word.replace(BARE, "")
    if (bare) {
      const [before] = word.split(bare)
      pieces.push([before, false], [bare, true], [`${word.slice(before.length + bare.length)} `])
    } else pieces.push([`${word} `, false])
  }
  return to < end ? [...pieces, ["…", false]] : pieces
}

const resultOf = data => {
  const parts = partsOf(data)
  const [part, ...others] = parts
  const ids = data.anchors.map(({ id }) => id)
  const chapters = Object.fromEntries(
    data.meta.chapters.split(" ¶ ").map(line => line.match(/^(\S+) ?(.*)/).slice(1)),
  )
  const opens = ids.slice(0, ids.indexOf(part.id) + 1).findLast(id => id in chapters)
  const { speaker, transcript } = data.filters
  /* A record of a speaker is below the page of the transcript. */
  const [, path] = data.url.match(/(transcripts\/[^/]+)\//)
  const also = others
    .filter(({ at }) => at.length)
    .slice(0, 5)
    .flatMap(({ id, found: words }, number) => [
      number ? ", " : `${tr("Also at")} `,
      element("a", { href: hrefOf(path, [...words], id) }, placeOf(id)),
    ])
  return {
    path,
    anchor: part.id,
    speaker: speaker?.[0],
    chapter: chapters[opens],
    talk: transcript[0],
    year: data.meta.year,
    pieces: excerpt(part),
    words: [...part.found],
    also: also.length ? element("p", { class: "sic-also" }, ...also) : "",
  }
}

const mostFirst = (counts = {}) =>
  Object.entries(counts)
    .filter(([, count]) => count)
    .sort(([, a], [, b]) => b - a)
    .map(([value]) => value)

export const prepareRemote = () =>
  (opened ??= open().catch(error => {
    opened = undefined
    throw error
  }))

/* Pagefind has to find every word, so only those that tell are asked for. */
const wordsFor = (text, terms, spell) =>
  [...(text.match(/"[^"]+"/g) ?? []), ...terms.map(spell)].join(" ")

/* As the search of ranking.js answers, for speech alone. Only Pagefind knows what was heard: words
   are spelt as titles spell them if it finds nothing. */
export const searchRemote = async (text, terms, { titles }, { speaker, talk }) => {
  const pagefind = await prepareRemote()
  const filters = { ...(speaker && { speaker: [speaker] }), ...(talk && { transcript: [talk] }) }
  const find = spell => pagefind.search(wordsFor(text, terms, spell), { filters })
  const asTyped = await find(({ word }) => word)
  const { results, filters: counts } = asTyped.results.length
    ? asTyped
    : await find(
        ({ word, stands }) => [...titles].find(([, stem]) => stands.has(stem))?.[0] ?? word,
      )
  return {
    said: results.map(result => async () => resultOf(await result.data())),
    speakers: mostFirst(counts.speaker),
    talks: mostFirst(counts.transcript),
  }
}
