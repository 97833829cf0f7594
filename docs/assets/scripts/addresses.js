/* Addresses as in build_tools/model/address.py: the letter of a unit and a number; the second line
   with the same number ends in -2, its fifth word in w5. */

const UNITS = { t: "second", l: "line", p: "piece" }
const ADDRESS = /^([tlp])(\d+)(-\d+)?(?:w([1-9]\d{0,5}))?$/

/* The parts of an address; the unit of any other id is undefined. */
export const parseAddress = id => {
  const [, letter, number, repeat, word] = ADDRESS.exec(id) ?? []
  const line = `${letter}${number}${repeat ?? ""}`
  return { unit: UNITS[letter], number: Number(number), repeat, line, word: Number(word ?? 1) }
}

/* Other ids in a transcript contain an underscore. */
export const ADDRESSED = Object.keys(UNITS)
  .map(letter => `[id^="${letter}"]:not([id*="_"])`)
  .join(", ")

export const PARAGRAPHS = ".sic-turn, .sic-on"
export const ADDRESS_LINKS = `:is(${PARAGRAPHS}) > .sic-at`

/* The paragraph of an address, which may be on the heading above it. */
export const paragraphOf = target =>
  target.closest(PARAGRAPHS) ??
  [...document.querySelectorAll(PARAGRAPHS)].find(
    paragraph => target.compareDocumentPosition(paragraph) & Node.DOCUMENT_POSITION_FOLLOWING,
  )
