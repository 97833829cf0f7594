/* The bar of a transcript, in place of the header once the speech is reached. */

import { button } from "./controls.js"
import { element } from "./elements.js"
import { all, article, on, page } from "./page.js"
import { tr } from "./texts.js"

export const barOf = ways => {
  const list = article.querySelector(".sic-chapters")
  const logo = document.querySelector(".md-logo")
  const name = element("span")
  const done = element("div", { class: "sic-done" })
  const chapters = element("details", {}, element("summary", {}, name))
  if (list) chapters.append(list.cloneNode(true))
  const home = element("a", { href: logo.href, class: "sic-home" }, logo.ariaLabel ?? "")
  const bar = element(
    "nav",
    { class: "sic-bar", "aria-label": tr("This transcript") },
    home,
    list ? chapters : "",
    ways,
    done,
  )
  const lists = list ? [list, chapters.lastChild] : []
  on(document, "click", event => {
    for (const open of all("details[open]:has(.sic-chapters)", document))
      if (!open.contains(event.target) || event.target.closest("a")) open.open = false
  })
  on(document, "keydown", event => {
    const open =
      event.key === "Escape" && document.querySelector("details[open]:has(.sic-chapters)")
    if (!open) return
    open.open = false
    open.firstChild.focus()
  })
  const tell = (number, share) => {
    bar.classList.toggle("sic-shown", number >= 0)
    done.style.transform = `scaleX(${share})`
    const links = list ? all("a", list) : []
    const { textContent = "", title = "" } = links[number] ?? {}
    const place = tr("{number} of {all}", { number: number + 1, all: links.length })
    const at = element("small", {}, ` ${place} · ${title}`)
    name.replaceChildren(textContent, at)
    for (const own of lists)
      [...own.children].forEach((item, here) =>
        here === number
          ? item.setAttribute("aria-current", "true")
          : item.removeAttribute("aria-current"),
      )
  }
  const addMarks = make => {
    const open = make()
    const title = { title: tr("Marks (?)"), "aria-label": tr("Marks") }
    bar.append(button("Aa", open, title))
    const own = button("Aa", open, { ...title, class: "sic-aa" })
    article.querySelector(".sic-actions").append(own)
    on(page.signal, "abort", () => own.remove())
    return open
  }
  document.body.append(bar)
  on(page.signal, "abort", () => bar.remove())
  return { bar, addMarks, tell }
}
