/* The search of a large collection. Pagefind finds, with requests to this site alone; this asks and
   shows, in either theme, in the place of the theme's own search. All that is shown of a page is put
   in as text. */
;(() => {
  "use strict"

  const base = new URL("../", document.currentScript.src)
  /* From the file system a page may request nothing. */
  const files = location.protocol === "file:"

  const SHOWN = 10
  const AROUND = [8, 24]
  const SETTLED = 250
  const FILTERS = { speaker: "Speaker", transcript: "Transcript", year: "Year" }

  const element = (name, attributes, ...children) => {
    const made = document.createElement(name)
    for (const [key, value] of Object.entries(attributes ?? {})) made.setAttribute(key, value)
    made.append(...children)
    return made
  }
  const pause = time => new Promise(done => setTimeout(done, time))

  /* Asking -------------------------------------------------------------------------------------- */

  const open = async () => {
    const folder = new URL("pagefind/", base).pathname
    const pagefind = await import(`${folder}pagefind.js`)
    await pagefind.options({ basePath: folder, ranking: { metaWeights: { title: 5, chapters: 1 } } })
    await pagefind.init()
    return { pagefind, folder }
  }
  let opened
  const opening = () => (opened ??= open())

  /* Showing ------------------------------------------------------------------------------------- */

  const clock = seconds => {
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    return parts.slice(parts[0] ? 0 : 1).map(part => `${part}`.padStart(2, "0")).join(":").replace(/^0(?=\d:\d\d:)/, "")
  }
  const placeOf = id => {
    const number = id.slice(1).split("-")[0]
    return id[0] === "t" ? clock(number) : `${id[0] === "p" ? "piece" : "line"} ${number}`
  }

  const BARE = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu

  /* The stretches of a record between its anchors, those with most of the words first. */
  const partsOf = ({ content, anchors, weighted_locations: found }) => {
    const words = content.split(/\s+/)
    const places = [{ id: "", location: 0 }, ...anchors.sort((a, b) => a.location - b.location)]
    const parts = places.map(({ id, text, location }, number) => ({
      id,
      text,
      words,
      number,
      start: location,
      end: places[number + 1]?.location ?? words.length,
      at: [],
      found: new Set(),
      weight: 0,
    }))
    for (const { location, weight } of found) {
      const part = parts.findLast(({ start, end }) => start <= location && location < end)
      if (!part) continue
      part.at.push(location)
      part.found.add((words[location] ?? "").replace(BARE, "").toLowerCase())
      part.weight += weight
    }
    return parts
  }
  const best = parts => parts.filter(({ at }) => at.length).sort((a, b) => b.found.size - a.found.size || b.weight - a.weight || a.start - b.start)

  const excerpt = ({ words, start, end, at }) => {
    /* Where most of the words stand together. */
    const near = place => at.filter(other => place <= other && other < place + AROUND[1]).length
    const first = at.reduce((most, place) => (near(place) > near(most) ? place : most), at[0] ?? start)
    const from = Math.max(start, first - AROUND[0])
    const to = Math.min(end, from + AROUND[0] + AROUND[1])
    const shown = element("p")
    if (from > start) shown.append("… ")
    for (let number = from; number < to; number++) {
      const word = words[number]
      const bare = at.includes(number) && word.replace(BARE, "")
      if (bare) {
        const [before] = word.split(bare)
        shown.append(before, element("mark", {}, bare), word.slice(before.length + bare.length), " ")
      } else shown.append(word, " ")
    }
    if (to < end) shown.append("…")
    return shown
  }

  const address = (page, { id, found }) => {
    const url = new URL(page)
    if (found.size) url.searchParams.set("h", [...found].join(" "))
    url.hash = id
    return url
  }

  const render = data => {
    const parts = partsOf(data)
    const [part = parts[1] ?? parts[0], ...others] = best(parts)
    const record = new URL(data.url, location.href)
    const { speaker, transcript, year } = data.filters
    let page = record
    let names
    if (transcript) {
      /* A record of what somebody says stands below the page where it is said. */
      page = new URL("..", record)
      const chapters = Object.fromEntries(data.meta.chapters.split(" ¶ ").map(line => line.match(/^(\S+) ?(.*)/).slice(1)))
      const chapter = parts.slice(0, part.number + 1).findLast(({ id }) => id in chapters)
      const said = [...(speaker ?? []), placeOf(part.id)].join(", ")
      names = [[said, chapters[chapter?.id]], [...transcript, ...(year ?? [])]]
    } else names = [[data.meta.title], [part.text === data.meta.title ? "" : part.text]]
    const [head, below] = names.map(texts => texts.filter(Boolean).join(" · "))
    const shown = element("li", {}, element("a", { href: address(page, part) }, element("b", {}, head), element("small", {}, below), excerpt(part)))
    const more = transcript ? others.slice(0, 5) : []
    if (more.length) {
      shown.append(element("p", { class: "sic-also" }, "Also at ", ...more.flatMap((other, number) => [number ? ", " : "", element("a", { href: address(page, other) }, placeOf(other.id))])))
    }
    return shown
  }

  /* The dialog ---------------------------------------------------------------------------------- */

  const input = element("input", { type: "text", "aria-label": "Search", placeholder: "Search", autocomplete: "off", autocapitalize: "off", spellcheck: "false", enterkeyhint: "search" })
  const count = element("output")
  const list = element("ol")
  const further = element("button", { type: "button", hidden: "" }, "More results")
  const selects = Object.entries(FILTERS).map(([name, label]) => element("select", { name, "aria-label": label }, new Option(`${label}: all`, "")))
  const filters = element("details", {}, element("summary", {}, "Filter"), element("div", {}, ...selects))
  const close = element("button", { type: "button", "aria-label": "Close", title: "Close (Escape)" }, "×")
  const form = element("form", { role: "search" }, input, close, filters)
  const dialog = element("dialog", { class: "sic-search", "aria-label": "Search" })
  const NO_FILES = "This copy is too large to be searched from files. Each transcript can be searched in itself (the key t, or the button Find), and the site on the web as a whole."
  if (files) dialog.append(element("form", { method: "dialog" }, element("p", {}, NO_FILES), element("button", {}, "Close")))
  else dialog.append(form, element("div", { class: "sic-results" }, count, list, further))

  let asked = 0
  let results = []

  const load = async from => (await Promise.all(results.slice(from, from + SHOWN).map(result => result.data()))).map(render)
  const append = rendered => {
    list.append(...rendered)
    further.hidden = list.children.length >= results.length
  }
  const clear = message => {
    list.replaceChildren()
    further.hidden = true
    count.textContent = message
  }
  const ask = async () => {
    const turn = ++asked
    const words = input.value.trim()
    if (words.length < 2) return clear("")
    const chosen = Object.fromEntries(selects.filter(({ value }) => value).map(({ name, value }) => [name, [value]]))
    try {
      const [{ pagefind }] = await Promise.all([opening(), pause(SETTLED)])
      if (turn !== asked) return
      const found = await pagefind.search(words, { filters: chosen })
      if (turn !== asked) return
      results = found.results
      const rendered = await load(0)
      if (turn !== asked) return
      const number = results.length
      clear(number ? `${number.toLocaleString("en")} ${number === 1 ? "result" : "results"}` : "Nothing found")
      append(rendered)
    } catch {
      opened = undefined
      if (turn === asked) clear("The search cannot be reached; try again")
    }
  }

  const fill = async () => {
    if (!filters.open || selects[0].length > 1) return
    const { folder } = await opening()
    const values = await (await fetch(`${folder}filters.json`)).json()
    for (const select of selects) {
      const all = values[select.name].sort((a, b) => a.localeCompare(b))
      if (select.name === "year") all.reverse()
      select.append(...all.map(value => new Option(value, value)))
    }
  }

  const links = () => [...list.querySelectorAll("li > a")]
  const move = by => {
    const stops = [input, ...links()]
    const here = stops.indexOf(document.activeElement)
    stops[Math.min(Math.max(here + by, 0), stops.length - 1)].focus()
  }
  const show = () => {
    if (dialog.open) return
    if (!dialog.isConnected) document.body.append(dialog)
    dialog.showModal()
    if (files) return
    input.select()
    opening().catch(() => {})
  }

  input.addEventListener("input", ask)
  filters.addEventListener("toggle", () => fill().catch(() => {}))
  filters.addEventListener("change", ask)
  form.addEventListener("submit", event => {
    event.preventDefault()
    links()[0]?.click()
  })
  further.addEventListener("click", async () => {
    const [turn, from] = [asked, list.children.length]
    const rendered = await load(from)
    if (turn !== asked || list.children.length > from) return
    append(rendered)
    rendered[0].querySelector("a").focus()
  })
  close.addEventListener("click", () => dialog.close())
  dialog.addEventListener("click", event => {
    if (event.target === dialog || event.target.closest("li a")) dialog.close()
  })
  dialog.addEventListener("keydown", event => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!by || event.target.matches("select") || event.isComposing) return
    event.preventDefault()
    move(by)
  })

  document.addEventListener("keydown", event => {
    if (!["/", "s", "f"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    const target = event.composedPath()[0]
    const typing = target.isContentEditable || target.matches("input:not([type=radio], [type=checkbox]), textarea, select")
    /* Until the page is drawn again, a key goes to where it went in the dialog that was closed. */
    if (dialog.open || (typing && !dialog.contains(target))) return
    event.preventDefault()
    show()
  })

  const ICON = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M9.5 3A6.5 6.5 0 0 1 16 9.5c0 1.61-.59 3.09-1.56 4.23l.27.27h.79l5 5-1.5 1.5-5-5v-.79l-.27-.27A6.5 6.5 0 1 1 9.5 3m0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9"/></svg>'
  const opener = element("button", { type: "button", class: "sic-search-open", title: "Search (/)" }, element("span", {}, "Search"))
  opener.insertAdjacentHTML("afterbegin", ICON)
  opener.addEventListener("click", show)
  const header = document.querySelector(".md-header__inner")
  header?.insertBefore(opener, header.querySelector(".md-header__source"))

  /* At the end of the way ----------------------------------------------------------------------- */

  const PARAGRAPHS = ".sic-turn, .sic-on"

  /* Marks the words of a result where it leads: in the paragraph of its address, or in the page. */
  const land = () => {
    const words = (new URLSearchParams(location.search).get("h") ?? "").match(/[\p{L}\p{N}][^\s]*/gu)
    const article = document.querySelector("article")
    if (!words || !article || article.querySelector("mark[data-found]")) return
    const target = document.getElementById(location.hash.slice(1))
    const after = paragraph => target.compareDocumentPosition(paragraph) & Node.DOCUMENT_POSITION_FOLLOWING
    const said = target && (target.closest(PARAGRAPHS) ?? [...article.querySelectorAll(PARAGRAPHS)].find(after))
    const literal = words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")
    const wanted = new RegExp(`(?<![\\p{L}\\p{N}])(?:${literal})(?![\\p{L}\\p{N}])`, "giu")
    const walker = document.createTreeWalker(said ?? article, NodeFilter.SHOW_TEXT)
    const texts = []
    while (walker.nextNode()) texts.push(walker.currentNode)
    for (const text of texts) {
      for (const match of [...text.data.matchAll(wanted)].reverse()) {
        const range = new Range()
        range.setStart(text, match.index)
        range.setEnd(text, match.index + match[0].length)
        range.surroundContents(element("mark", { "data-found": "" }))
      }
    }
  }
  if (typeof document$ === "undefined") land()
  else document$.subscribe(land)
})()
