/* Words as heard, as build_tools/text/words.py counts them, and the places of their addresses. */

import { ADDRESSED, PARAGRAPHS, paragraphOf, parseAddress } from "./addresses.js"
import { element } from "./elements.js"
import { all } from "./page.js"

const UNSPACED =
  "[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}]"
const RUN = `(?:(?!${UNSPACED})[\\p{L}\\p{M}\\p{N}])+`
const DASH = "[-‐‑‒–﹣－]"
const WORDS = [
  `${UNSPACED}\\p{M}*`,
  `(?:(?<![\\p{L}\\p{M}\\p{N}.,:])[.,](?=\\p{N}))?${RUN}(?:['’]${RUN}|(?<=\\p{N})[.,:/](?=\\p{N})${RUN}|\\^${RUN})*`,
  "(?<![<>/-])[<>](?![<>/])|!=",
  `(?<![^\\s(\\[“‘"'«])${DASH}(?=\\p{Sc}?[.,]?\\p{N})`,
  "(?<=\\p{N})[′″]",
  "(?![<>|~^`])[\\p{S}%‰‱&@#§％﹪٪؉؊＆﹠＠﹫＃﹟]",
]
/* Older browsers know no lookbehind and go without: they stay at the line. */
let pattern
export const findWords = text => [...text.matchAll((pattern ??= new RegExp(WORDS.join("|"), "gu")))]

/* Text in the speech that nobody says. */
export const UNHEARD = "sup, .sic-note, .sic-at, .sic-speaker, .sic-non-speech"
const SENTENCE =
  /^[^\p{L}\p{N}]*[\p{L}\p{N}][^]*?[.?!…]+[”’"')\]]*(?=\s+[^\p{Ll}\s]|\s*$)|^[^\p{L}\p{N}]*[\p{L}\p{N}][^]*/u

const follows = (first, second) =>
  Boolean(first.compareDocumentPosition(second) & Node.DOCUMENT_POSITION_FOLLOWING)

/* The speech of a paragraph: its texts, and its corrections with the words that were heard. */
export const piecesOf = paragraph => {
  const pieces = []
  const filter = node => {
    if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT
    if (node.matches(UNHEARD)) return NodeFilter.FILTER_REJECT
    return node.matches("ins") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP
  }
  const nodes = document.createTreeWalker(
    paragraph,
    NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT,
    filter,
  )
  for (let node; (node = nodes.nextNode());) {
    if (pieces.at(-1)?.node.contains(node)) continue
    const mark = node.nodeType === Node.ELEMENT_NODE
    const heard = mark ? node.dataset.heard : node.data
    /* The blank before a correction that leaves words out is left out too. */
    const left = mark && heard && !(node.said ?? node.childNodes).length
    pieces.push({ node, mark, heard: left ? ` ${heard} ` : heard, paragraph })
  }
  return pieces
}

/* The pieces behind an id, paragraph by paragraph, until there is enough. */
const readFrom = (anchor, enough) => {
  const paragraphs = all(PARAGRAPHS)
  const read = { pieces: [], text: "", words: [] }
  for (let number = paragraphs.indexOf(paragraphOf(anchor)); paragraphs[number]; number++) {
    for (const piece of piecesOf(paragraphs[number])) {
      if (!follows(anchor, piece.node)) continue
      read.pieces.push({ ...piece, start: read.text.length })
      read.text += piece.heard
    }
    read.text += "\n\n"
    read.words = findWords(read.text)
    if (enough(read, paragraphs[number])) break
  }
  return read
}

const skipped = anchor => Number(anchor.dataset.skip ?? 0)

/* The piece in which the n-th word behind an id begins, and the offset there. */
const findPlace = (anchor, word) => {
  const number = skipped(anchor) + word - 1
  const { pieces, words } = readFrom(anchor, read => read.words.length > number)
  if (!words[number]) return
  const { index } = words[number]
  const piece = pieces.findLast(({ start }) => start <= index)
  return { ...piece, offset: piece.mark ? 0 : index - piece.start }
}

/* Whether a place is before the next line. */
const isOnLine = (anchor, { node }) => {
  const next = all(ADDRESSED).find(
    found => parseAddress(found.id).line === found.id && follows(anchor, found),
  )
  return !next || next.dataset.skip || follows(node, next)
}

/* The words at an address: to the end of their sentence, and with words put in before them. */
export const rangeOf = address => {
  const { unit, line, word } = parseAddress(address)
  const exact = unit && document.getElementById(address)
  const anchor = exact || (unit && document.getElementById(line))
  const place = anchor && findPlace(anchor, exact ? 1 : word)
  if (!place || !(exact || isOnLine(anchor, place))) return
  const pieces = piecesOf(place.paragraph)
  const first = pieces.findIndex(({ node }) => node === place.node)
  const range = new Range()
  const ends = endSentence(range, pieces.slice(first), place.offset)
  beginAt(range, place)
  const isBare = text => !/[\p{L}\p{N}]/u.test(text)
  if (!isBare(place.heard.slice(0, place.offset))) return ends && range
  for (const piece of pieces.slice(0, first).reverse()) {
    if (piece.mark && !piece.heard) beginAt(range, piece)
    else if (piece.mark || !isBare(piece.heard)) break
  }
  return ends && range
}

const beginAt = (range, { node, mark, offset }) =>
  mark ? range.setStartBefore(node) : range.setStart(node, offset)

const endSentence = (range, pieces, offset) => {
  const shown = pieces.map(({ node, mark }) => (mark ? node.textContent : node.data))
  shown[0] = shown[0].slice(offset)
  let left = SENTENCE.exec(shown.join(""))?.[0].length
  if (!left) return false
  const last = shown.findIndex(text => (left -= text.length) <= 0)
  const { node, mark } = pieces[last]
  if (mark) range.setEndAfter(node)
  else range.setEnd(node, shown[last].length + left + (last ? 0 : offset))
  return true
}

/* The address of the word at a place in the text. */
export const addressOf = (node, offset) => {
  const anchor = all(ADDRESSED).findLast(
    found => parseAddress(found.id).unit && (found.contains(node) || follows(found, node)),
  )
  if (!anchor) return ""
  const { line, word } = parseAddress(anchor.id)
  const { pieces, words } = readFrom(anchor, (read, paragraph) => paragraph.contains(node))
  const here = pieces.find(piece => piece.node.contains(node))
  if (!here) return anchor.id
  const at = here.start + (here.mark ? 0 : offset)
  const before = words.filter(({ 0: { length }, index }) => index + length <= at).length
  const number = word + before - skipped(anchor)
  return number > 1 ? `${line}w${number}` : line
}

/* Gives a word its address as id, so that the browser goes there. */
export const nameWord = address => {
  const range = rangeOf(address)
  range?.insertNode(element("span", { id: address }))
  return range
}
