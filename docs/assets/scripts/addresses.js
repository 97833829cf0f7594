/* The rule of addresses, as the build makes them: a letter for what is counted and a number; the
   second line with the same number ends in -2. */

const UNITS = { t: "second", l: "line", p: "piece" }
const ADDRESS = /^([tlp])(\d+)(-\d+)?$/

/* The unit of an id that is no address is undefined. */
export const parseAddress = id => {
  const [, letter, number, repeat] = ADDRESS.exec(id) ?? []
  return { unit: UNITS[letter], number: Number(number), repeat }
}

/* Ids of other things in a transcript have a low line. */
export const ADDRESSED = Object.keys(UNITS)
  .map(letter => `[id^="${letter}"]:not([id*="_"])`)
  .join(", ")

export const PARAGRAPHS = ".sic-turn, .sic-on"
export const ADDRESS_LINKS = `:is(${PARAGRAPHS}) > .sic-at`

/* An address stands in its paragraph, or on the heading above it. */
export const paragraphOf = target =>
  target.closest(PARAGRAPHS) ??
  [...document.querySelectorAll(PARAGRAPHS)].find(
    paragraph => target.compareDocumentPosition(paragraph) & Node.DOCUMENT_POSITION_FOLLOWING,
  )
