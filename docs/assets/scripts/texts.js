/* The sentences that scripts show. The build puts those of the site's language in their place, and
   its rule for the plural: build_tools/text/catalogue.py. */

export const tr = (text, values = {}) => text.replace(/{(\w+)}/g, (_, name) => values[name])

export const trCount = (n, ...forms) => tr(forms[+(n !== 1)], { count: n })

/* A line or a piece of a source without times. */
const LINES = { line: tr("line {number}"), piece: tr("piece {number}") }

export const nameLine = place => tr(LINES[place.unit], place)
