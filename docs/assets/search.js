/* The button of the search and its keys. The dialog, and what it searches, are loaded when it is
   first opened; the script that shows the words of a result is loaded where one leads. */

import { element } from "./scripts/elements.js"
import { load } from "./scripts/loading.js"
import { tr } from "./scripts/texts.js"
import { isTyping, modified } from "./scripts/typing.js"

const open = async () => {
  await Promise.all(["assets/search-dialog.css", "assets/search-dialog.js"].map(load))
  document.dispatchEvent(new Event("sic-search"))
}

document.addEventListener("keydown", event => {
  if (!["/", "s", "f"].includes(event.key) || modified(event) || event.isComposing) return
  if (isTyping(event.composedPath()[0]) || document.querySelector("dialog[open]")) return
  event.preventDefault()
  open()
})

const ICON =
  '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9.5 3A6.5 6.5 0 0 1 16 9.5c0 1.61-.59 3.09-1.56 4.23l.27.27h.79l5 5-1.5 1.5-5-5v-.79l-.27-.27A6.5 6.5 0 1 1 9.5 3m0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9"/></svg>'
const opener = element(
  "button",
  { type: "button", class: "sic-search-open", title: tr("Search (/)"), "aria-haspopup": "dialog" },
  element("span", {}, tr("Search")),
)
opener.insertAdjacentHTML("afterbegin", ICON)
opener.addEventListener("click", open)
const header = document.querySelector(".md-header__inner")
header?.insertBefore(opener, header.querySelector(".md-header__source"))

if (new URLSearchParams(location.search).has("h")) load("assets/search-landing.js")
