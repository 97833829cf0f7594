/* The sentences that scripts show. The build puts those of the site's language in their place, and
   its rule for the plural: build_tools/text/catalogue.py. */

export const tr = (text, values = {}) => text.replace(/{(\w+)}/g, (_, name) => values[name])
