/* The sentences that scripts show. For a language other than English the build puts in those that a
   script needs, and the rule for the plural: build_tools/text/catalogue.py. */

const TEXTS = {}
const PLURAL = n => n !== 1

export const tr = (text, values = {}) =>
  (TEXTS[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name])

export const trCount = (count, one, many) =>
  tr((TEXTS[one] ?? [one, many])[Number(PLURAL(count))], { count })
