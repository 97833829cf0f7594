/* The search of pages and speech: values in, values out, with no page and no request. */

import { tr } from "./texts.js"

/* Words --------------------------------------------------------------------------------------- */

const WORD = /[\p{L}\p{N}\p{M}]+(?:['’]\p{L}+)*|%/gu
/* Scripts without spaces count each sign as a word. */
const SIGNS =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]\p{M}*|[^\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]+/gu
const HEARD = /\u0091([^\u0092]*)\u0092/g

const bare = written =>
  written
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’]s$|['’]/g, "")
    .replace(/^%$/, "percent")

/* English forms of a word count as one: leave, leaves, leaving. */
const cut = word => word.replace(/(?<=.{3}[^s])s$/, "").replace(/(?<=.{4})(?:e|ed|ing)$/, "")

const read = new Map()
const readWord = written => {
  if (!read.has(written)) read.set(written, [bare(written), cut(bare(written))])
  return read.get(written)
}

/* The words of a text, each with its place; "%", "per cent" and "percent" are one word. */
export const wordsOf = text => {
  const found = []
  const push = (written, start) => {
    const [word, stem] = readWord(written)
    const end = start + written.length
    if (word === "cent" && found.at(-1)?.word === "per")
      found.push({ word: "percent", stem: "percent", start: found.pop().start, end })
    else if (word) found.push({ word, stem, start, end })
  }
  for (const { 0: written, index } of text.matchAll(WORD))
    if (written < "\u0e00") push(written, index)
    else for (const sign of written.matchAll(SIGNS)) push(sign[0], index + sign.index)
  return found
}
const stemsOf = text => wordsOf(text).map(({ stem }) => stem)
const plain = text => ["", ...wordsOf(text).map(({ word }) => word), ""].join(" ")

/* Whether at most one letter is wrong, missing, too much, or exchanged with the next. */
export const isNear = (one, other) => {
  const longer = Math.max(one.length, other.length)
  const shorter = Math.min(one.length, other.length)
  if (longer - shorter > 1) return false
  let start = 0
  while (start < shorter && one[start] === other[start]) start++
  let end = 0
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end++
  const left = longer - start - end
  const crossed = one[start] === other[start + 1] && one[start + 1] === other[start]
  return left < 2 || (left === 2 && longer === shorter && crossed)
}

/* Documents ----------------------------------------------------------------------------------- */

/* Groups: entries, what was said, then and now, about the site. */
const [SAID, THEMES, ABOUT_SITE] = [1, 2, 3]

/* "GPT-4" and "p(doom)" are also found as "gpt4" and "pdoom". */
const joinSigns = name =>
  name.replace(/(?<=\S)[^\p{L}\p{N}\s'’]+(?=\S)/gu, "").replace(/[^\p{L}\p{N}\s'’]+/gu, " ")

/* A document has texts, each with what a word in it is worth; the first is shown, the third is what
   was heard. */
const entryOf = ([slug, kind, term, also, short, body, times]) => ({
  group: 0,
  path: `glossary/${slug}`,
  head: term,
  below: [kind],
  names: [term, ...also],
  times,
  texts: [
    [short, 2],
    [body, 1],
  ],
})

const sectionsOf = ([path, sections]) =>
  sections.map(([anchor, heading, text], number) => ({
    group: path.startsWith("then-and-now/") ? THEMES : ABOUT_SITE,
    path,
    anchor,
    head: sections[0][1],
    below: number ? [heading] : [],
    names: [heading],
    texts: [[text, 1]],
    within: sections[0][1],
  }))

const speechOf = ([slug, talk, date, speakers, chapters, passages], named) => {
  const path = `transcripts/${slug}`
  const whole = { group: SAID, path, talk, year: date.slice(0, 4), names: [] }
  const opened = new Set()
  return passages.flatMap(([anchor, by, chapter, words, notes = [], about = []]) => {
    const [title, summary] = chapters[chapter]
    const heard = []
    const said = words.replace(HEARD, (_, form) => {
      heard.push(form)
      return ""
    })
    const passage = {
      ...whole,
      anchor,
      speaker: speakers[by],
      chapter: title,
      texts: [
        [said, 1],
        [about.flatMap(entry => named[entry] ?? []).join("\n"), 0.6],
        [heard.join("\n"), 1.5],
      ],
      within: `${title} ${speakers[by]}`,
      notes: [...heard.map(form => `${tr("Heard")}: ${form}`), ...notes].map(note =>
        note.split(/: (.*)/s),
      ),
    }
    const opens = title && !opened.has(chapter)
    opened.add(chapter)
    return opens
      ? [{ ...whole, anchor, chapter: title, names: [title], texts: [[summary, 2]] }, passage]
      : [passage]
  })
}

/* The index ----------------------------------------------------------------------------------- */

const [NAME, NOTE, WITHIN] = [6, 0.6, 0.5]
/* Documents between two breaks, in which the page may answer its reader. */
const BATCH = 200

const namesOf = ({ names }) => [...new Set([...names, ...names.map(joinSigns)])]

const textsOf = doc => [
  ...namesOf(doc).map(name => [name, NAME]),
  ...doc.texts,
  ...(doc.notes ?? []).map(([, note]) => [note, NOTE]),
  [doc.within ?? "", WITHIN],
]

const add = (index, doc, number) => {
  const worth = new Map()
  for (const [text, weight] of textsOf(doc)) {
    const words = wordsOf(text)
    const times = new Map()
    for (const { word, stem } of words) {
      times.set(stem, (times.get(stem) ?? 0) + 1)
      index.words.set(word, stem)
    }
    for (const [stem, count] of times) {
      const value = weight * (count / (count + 0.3 + words.length / 150))
      worth.set(stem, (worth.get(stem) ?? 0) + value)
    }
  }
  for (const [stem, value] of worth) {
    if (!index.postings.has(stem)) index.postings.set(stem, [])
    index.postings.get(stem).push([number, value])
  }
  /* What a misspelt word is compared with. */
  if (doc.group === ABOUT_SITE) return
  const keep = (kept, texts) =>
    texts.flatMap(wordsOf).forEach(({ word, stem }) => kept.set(word, stem))
  keep(index.titles, [...doc.names, doc.speaker ?? "", doc.talk ?? ""])
  keep(index.heard, [doc.texts[2]?.[0] ?? ""])
}

export const makeIndex = async ({ entries, pages }, speech = [], pause = () => {}) => {
  const found = entries.map(entryOf)
  const named = Object.fromEntries(entries.map(([slug], at) => [slug, namesOf(found[at])]))
  const docs = [
    ...found,
    ...speech.flatMap(transcript => speechOf(transcript, named)),
    ...pages.flatMap(sectionsOf),
  ]
  const index = { docs, postings: new Map(), words: new Map(), heard: new Map(), titles: new Map() }
  for (const [number, doc] of docs.entries()) {
    if (number % BATCH === 0) await pause()
    add(index, doc, number)
  }
  index.total = docs.filter(({ group }) => group < ABOUT_SITE).length
  return index
}

/* Words that say little unless there are no others. */
const LITTLE = new Set(
  `a an and are as at be but by can could did do does for from has have he her his how i if in is it
  its me my not of on or our she should so that the their they this to was we were what when where
  which who why will with would you your`.split(/\s+/),
)

/* A query ------------------------------------------------------------------------------------- */

const PHRASE = /["“„«]([^"“”„«»]+)["”“»]/g
const [PREFIX, NEAR] = [0.7, 0.6]
/* The least letters of a misspelt word, how often it may stand in documents, and the share of them
   that makes a word common. */
const [SPELT, SELDOM, COMMON] = [5, 2, 0.05]
/* A name fits if it has so much of the query. */
const LEAST_FIT = 0.4
/* Documents looked at closely, results that make others superfluous, and the least of others. */
const [LOOKED_AT, ENOUGH, SHARE] = [80, 3, 0.6]

/* The stems of the index that a typed word stands for, each with how well. */
const expand = (index, word, last) => {
  const [, own] = readWord(word)
  const found = new Map()
  const posted = index.postings.get(own) ?? []
  if (last && word.length > 1 && posted.length <= COMMON * index.total)
    for (const [other, stem] of index.words)
      if (other.startsWith(word) && !LITTLE.has(other)) found.set(stem, PREFIX)
  if (posted.length) found.set(own, 1)
  const known = [...found.keys()].flatMap(stem => index.postings.get(stem))
  if (
    word.length >= SPELT &&
    !index.titles.has(word) &&
    known.filter(([number]) => index.docs[number].group < ABOUT_SITE).length <= SELDOM
  )
    for (const [name, stem] of [...index.titles, ...index.heard])
      if (isNear(word, name) && !found.has(stem)) found.set(stem, NEAR)
  return found
}

const termOf = (index, word, last) => {
  const stands = expand(index, word, last)
  const worth = new Map()
  for (const [stem, quality] of stands)
    for (const [number, value] of index.postings.get(stem) ?? [])
      worth.set(number, Math.max(worth.get(number) ?? 0, value * quality))
  return { word, stands, worth, rarity: Math.log(1 + index.total / (0.5 + worth.size)) }
}

const sum = (values, value) => values.reduce((total, one) => total + value(one), 0)

/* A query's phrases, its words as terms, those of them that are rare enough to tell, and all. */
const parse = (index, query) => {
  const phrases = []
  const rest = query.replace(PHRASE, (_, phrase) => {
    phrases.push(plain(phrase))
    return " \n"
  })
  const typed = []
  for (const { word } of wordsOf(rest)) {
    /* "chat gpt" is ChatGPT. */
    const joined = `${typed.at(-1)}${word}`
    if (index.titles.has(joined)) typed.pop()
    typed.push(index.titles.has(joined) ? joined : word)
  }
  const last = /[\p{L}\p{N}\p{M}]$/u.test(rest) ? typed.at(-1) : undefined
  const words = new Set([...phrases.flatMap(wordsOf).map(({ word }) => word), ...typed])
  const all = [...words].map(word => termOf(index, word, word === last))
  const telling = all.filter(({ word }) => !LITTLE.has(word))
  const terms = telling.length ? telling : all
  return { phrases, all, terms, most: sum(terms, ({ rarity }) => rarity), whole: plain(query) }
}

/* How much of a query is in a name times how much of the name is in the query, from 0 to 1. */
const nameFit = (stems, { terms, most }) => {
  const covered = new Set()
  const hit = sum(terms, ({ stands, rarity }) => {
    const fits = stems.map(stem => stands.get(stem) ?? 0)
    const best = Math.max(0, ...fits)
    if (best) covered.add(fits.indexOf(best))
    return best * rarity
  })
  return hit < most * LEAST_FIT ? 0 : (hit / most) * Math.sqrt(covered.size / stems.length)
}

/* The shortest run of words that has as many of the terms as the text has. */
const nearest = (words, terms) => {
  const hits = words.flatMap(({ stem }, at) =>
    terms.flatMap(({ stands }, term) => (stands.has(stem) ? [[at, term]] : [])),
  )
  const wanted = new Set(hits.map(([, term]) => term)).size
  let best = { words, wanted, hits: hits.map(([at]) => at), from: 0, span: Infinity }
  const inside = new Map()
  let first = 0
  for (const [at, term] of hits) {
    inside.set(term, (inside.get(term) ?? 0) + 1)
    while (inside.size === wanted) {
      const [start, leaving] = hits[first++]
      if (at - start + 1 < best.span) best = { ...best, from: start, span: at - start + 1 }
      inside.set(leaving, inside.get(leaving) - 1)
      if (!inside.get(leaving)) inside.delete(leaving)
    }
  }
  return { ...best, close: wanted / best.span }
}

const cache = (doc, name, make) => (doc[name] ??= make())

const judge = (doc, number, query) => {
  const { terms, most, all, whole } = query
  const matched = terms.filter(({ worth }) => worth.has(number))
  const texts = cache(doc, "read", () => doc.texts.map(([text]) => wordsOf(text)))
  const names = cache(doc, "stems", () => namesOf(doc).map(stemsOf))
  const fit = Math.max(0, ...names.map(stems => nameFit(stems, query)))
  /* An entry is shown by its short text, or where its body has more of the words. */
  let [shown, near] = [0, nearest(texts[0], terms)]
  if (!doc.group && !fit) {
    const inBody = nearest(texts[1], terms)
    if (inBody.wanted > near.wanted) [shown, near] = [1, inBody]
  }
  const value =
    sum(matched, ({ worth, rarity }) => (worth.get(number) * rarity) / most) +
    (near.wanted > 1 ? near.close * (near.wanted / terms.length) * 2 : 0) +
    (all.length > 1 && cache(doc, "plain", () => plain(doc.texts[0][0])).includes(whole) ? 2 : 0) +
    (doc.group ? fit * 3 : fit * 10 + Math.log1p(doc.times)) +
    sum(all, ({ worth }) => worth.has(number)) / all.length
  const share = sum(matched, ({ rarity }) => rarity) / most
  return { doc, shown, near, value, fit, share, whole: matched.length === terms.length }
}

/* A title that a document only stands under is none of its own texts. */
const ownTexts = doc =>
  textsOf(doc)
    .slice(0, -1)
    .map(([text]) => text)

const hasOwn = (doc, { terms, phrases }) => {
  const own = cache(doc, "own", () => new Set(ownTexts(doc).flatMap(stemsOf)))
  const texts = phrases.length ? ownTexts(doc).map(plain) : []
  return (
    terms.some(({ stands }) => [...stands.keys()].some(stem => own.has(stem))) &&
    phrases.every(phrase => texts.some(text => text.includes(phrase)))
  )
}

/* The best documents of a group, those with all words first. */
const rank = ({ docs }, group, query, wanted = {}) => {
  const isWanted = doc =>
    doc.group === group &&
    Object.entries(wanted).every(([key, value]) => !value || doc[key] === value)
  const values = new Map()
  for (const { worth, rarity } of query.terms)
    for (const [number, value] of worth)
      if (isWanted(docs[number])) {
        const [count, before] = values.get(number) ?? [0, 0]
        values.set(number, [count + 1, before + value * rarity])
      }
  const found = [...values]
    .sort(([, [countA, a]], [, [countB, b]]) => countB - countA || b - a)
    .slice(0, LOOKED_AT)
    .filter(([number]) => hasOwn(docs[number], query))
    .map(([number]) => judge(docs[number], number, query))
    .sort((a, b) => b.whole - a.whole || b.value - a.value)
  const full = found.filter(({ whole }) => whole)
  return full.length >= ENOUGH || group > SAID
    ? full
    : found.filter(({ whole, share }) => whole || share >= SHARE)
}

/* Entries that the query names; else those that have its words close to one another. */
const pickEntries = (index, query) => {
  const found = rank(index, 0, query).sort((a, b) => b.value - a.value)
  const best = Math.max(0, ...found.map(({ fit }) => fit))
  const named = found.filter(({ fit }) => fit && fit >= best * 0.6)
  if (named.length) return [named, true]
  return [
    found.filter(
      ({ whole, shown, near }) =>
        whole &&
        near.wanted === query.terms.length &&
        (!shown || (query.terms.length > 1 && near.close > 0.4)),
    ),
    false,
  ]
}

/* Excerpts ------------------------------------------------------------------------------------ */

const [BEFORE, AFTER] = [8, 24]

/* A text in pieces around a place, each with whether it is a word that was looked for. */
const piecesOf = (text, { words, from, hits }) => {
  if (!words.length) return [[text, false]]
  const begin = Math.max(0, from - BEFORE)
  const end = Math.min(words.length, begin + BEFORE + AFTER)
  const marked = new Set(hits)
  const pieces = begin ? [["… ", false]] : []
  let at = begin ? words[begin].start : 0
  for (let number = begin; number < end; number++) {
    if (!marked.has(number)) continue
    const { start, end: stop } = words[number]
    pieces.push([text.slice(at, start), false], [text.slice(start, stop), true])
    at = stop
  }
  pieces.push([
    end < words.length ? `${text.slice(at, words[end - 1].end)} …` : text.slice(at),
    false,
  ])
  return pieces.filter(([piece]) => piece)
}

const present = ({ doc, shown, near }, { terms }) => {
  const text = doc.texts[shown][0]
  const written = (from, { words, hits }) =>
    hits.map(at => from.slice(words[at].start, words[at].end))
  const found = near.hits.map(at => near.words[at].stem)
  /* The words that stand for a term better than those that are shown. */
  const missing = terms.map(({ stands }) => {
    const best = Math.max(0, ...found.map(stem => stands.get(stem) ?? 0))
    return { stands: new Map([...stands].filter(([, quality]) => quality > best)) }
  })
  const others = [...(doc.notes ?? []), ...doc.names.map(name => ["", name])]
  const [label, other, inOther] =
    others
      .map(([kind, one]) => [kind, one, nearest(wordsOf(one), missing)])
      .find(([, , { wanted }]) => wanted) ?? []
  return {
    ...doc,
    pieces: piecesOf(text, near),
    note: label && [[`${label}: `, false], ...piecesOf(other, inOther)],
    words: [...new Set([...written(text, near), ...(other ? written(other, inOther) : [])])],
  }
}

/* Results ------------------------------------------------------------------------------------- */

const firstOfPages = found =>
  found
    .filter(({ doc }, place) => found.findIndex(other => other.doc.path === doc.path) === place)
    .slice(0, 3)

/* Groups of results in the order in which they are shown, and what they can be narrowed by. */
export const search = (index, text, chosen = {}) => {
  const query = parse(index, text)
  const [entries, named] = pickEntries(index, query)
  const [said, themes, pages] = [SAID, THEMES, ABOUT_SITE].map(group => rank(index, group, query))
  const narrowed = chosen.speaker || chosen.talk
  const groups = narrowed
    ? [["said", rank(index, SAID, query, chosen)]]
    : [
        ["said", said],
        ["themes", firstOfPages(themes)],
        ["pages", firstOfPages(pages)],
      ]
  if (!narrowed) groups.splice(named ? 0 : 1, 0, ["entries", entries.slice(0, 2)])
  return {
    groups: groups
      .filter(([, found]) => found.length)
      .map(([name, found]) => [name, found.map(one => () => present(one, query))]),
    speakers: said.map(({ doc }) => doc.speaker),
    talks: said.map(({ doc }) => doc.talk),
    terms: query.terms,
    named,
  }
}
