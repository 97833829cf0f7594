/* The way from a result of the search to the word. */

import { land } from "./scripts/landing.js"

addEventListener("hashchange", land)
/* The browser scrolls to the address on load; the word comes after that. */
if (document.readyState === "complete") land()
else addEventListener("load", land)
