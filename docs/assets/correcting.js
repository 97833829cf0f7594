/* The form for a correction, loaded when a reader first opens it. It sends nothing: it writes the
   two lines that an editor would write, to be sent to a repository or copied. */

import { composeLines, findChange, findChangeOfMark, fold, saidIn } from "./scripts/composing.js"
import { element } from "./scripts/elements.js"
import { externalLink } from "./scripts/links.js"
import { tr } from "./scripts/texts.js"

/* Servers refuse longer addresses. */
const MOST = 8000
const HOW = {
  sound: tr("I heard it in the recording"),
  record: tr("It is on record: a name, a number, a fact"),
  grammar: tr("The sentence asks for it"),
}

const KINDS = {
  name: tr("Name"),
  number: tr("Number"),
  homophone: tr("Sounds alike"),
  dropout: tr("Missing"),
  repetition: tr("Repetition"),
  garble: tr("Garbled"),
  ending: tr("Ending"),
}

/* The speech of the paragraph where a range begins, and the slice of it that was chosen. */
const readParagraph = ({ range, mark, paragraph, piecesOf }) => {
  const read = { text: "", parts: [] }
  for (const { node, mark } of piecesOf(paragraph)) {
    const { length } = node.textContent
    const start = read.text.length
    const cut = (edge, offset, otherwise) => start + (node === edge ? offset : otherwise)
    if (range.intersectsNode(node)) {
      read.from ??= cut(range.startContainer, range.startOffset, 0)
      read.to = cut(range.endContainer, range.endOffset, length)
    }
    read.parts.push({ node, mark, start, length })
    read.text += node.textContent
  }
  while (read.from < read.to && /\s/.test(read.text[read.from])) read.from++
  while (read.from < read.to && /\s/.test(read.text[read.to - 1])) read.to--
  const inside = ({ start, length }) => start <= read.from && read.to <= start + length
  read.mark = mark ?? read.parts.find(part => part.mark && inside(part))?.node
  return read
}

const labelled = (label, field, hint) =>
  element("label", {}, element("b", {}, label), field, element("small", {}, hint))

/* A correction can be taken back: the reader writes what the machine wrote. */
const heardIn = mark => {
  const heard = fold(mark?.dataset.heard ?? "")
  const back = heard
    ? tr("The machine wrote “{heard}”. If that is right, write it.", { heard })
    : tr("The machine wrote nothing here.")
  return mark ? element("p", {}, back) : ""
}

const formOf = (words, place, others, mark) => {
  const area = (name, rows, more) => element("textarea", { name, rows, ...more })
  const said = area("said", Math.min(8, 2 + Math.floor(words.length / 60)), { autofocus: "" })
  said.value = words
  const source = element("input", { name: "source", maxlength: 300, autocomplete: "off" })
  const ways = Object.entries(HOW).map(([value, label]) =>
    element("label", {}, element("input", { type: "radio", name: "how", value }), label),
  )
  const hint = tr("The address of a page, or a book")
  const where = labelled(tr("Where is it on record?"), source, hint)
  where.hidden = true
  return element(
    "form",
    { novalidate: "", class: "sic-form-fields" },
    element("h2", { id: "sic-form" }, tr("Suggest a correction")),
    element("p", {}, place),
    element("blockquote", {}, words || "…"),
    heardIn(mark),
    labelled(
      tr("What was said?"),
      said,
      tr("Change what is wrong. If nothing was said, leave it empty."),
    ),
    element("fieldset", {}, element("legend", {}, tr("How do you know?")), ...ways),
    where,
    labelled(
      tr("Why?"),
      area("reason", 2, { maxlength: 400 }),
      tr("A sentence that readers can check."),
    ),
    element("p", { role: "alert" }),
    element("p", {}, element("button", { type: "submit" }, tr("Show the result")), ...others),
  )
}

/* The passage and its note as the page will show them, and the lines that say so. */
const preview = ({ before, heard, said, behind, gives, kind, sure, note, lines }) => [
  element("h3", { tabindex: -1 }, tr("This is how it will look")),
  element(
    "p",
    {},
    `… ${before} `,
    gives ? said : element(said ? "ins" : "del", {}, said || heard),
    ` ${behind} …`,
  ),
  element(
    "p",
    {},
    element(
      "b",
      {},
      gives
        ? tr("The correction is taken back")
        : `${KINDS[kind]}, ${sure ? tr("on record") : tr("not certain")}`,
    ),
    ` · ${heard && said && !gives ? `${tr("heard as “{heard}”", { heard })} · ` : ""}${note}`,
  ),
  element("p", {}, tr("And this is how it is written:")),
  element("pre", {}, lines.join("\n\n")),
]

/* What can be done with the lines, here and at the repository's host. */
const waysOut = (made, { url, title, repository }) => {
  const { lines, written, was, address, before, heard, said, old, gives } = made
  const status = element("p", { role: "status" })
  const copy = (text, told) =>
    navigator.clipboard.writeText(text).then(
      () => (status.textContent = told),
      () => (status.textContent = tr("Not copied. Please select the lines above and copy them.")),
    )
  const button = (label, act) => {
    const made = element("button", { type: "button" }, label)
    made.addEventListener("click", act)
    return made
  }
  const place = `${url.replace(/#.*/, "")}#${address}`
  const [, slug] = /([\w-]+)(?:\/|\.html|\/index\.html)?$/.exec(new URL(place).pathname) ?? []
  const block = [`transcripts/${slug}.md ${address}`, ...lines].join("\n")
  if (!repository) {
    const told = tr("Copied. Send it to those who make this site.")
    return [
      button(tr("Copy as a letter"), () => copy(`${title}\n${place}\n\n${block}\n`, told)),
      status,
    ]
  }
  const form = new URLSearchParams({
    title: `Correction: ${(old ?? heard) || "…"} → ${said || "…"}`.slice(0, 100),
    body: `${title}: ${place}\n\n\`\`\`text\n${block}\n\`\`\`\n`,
    labels: "correction",
  })
  const issue = `${repository}/issues/new?${form}`
  const edit = document.querySelector("a[rel=edit]")?.href
  const words = `${before.split(" ").slice(-2).join(" ")} ${heard}`.trim()
  const told = gives
    ? tr("Find “{was}” there, write “{said}” instead, and take its note out.", { was, said })
    : was
      ? tr(
          "Copied. Find “{words}” there, put the first line in its place, and the second in that of its note.",
          { words: was },
        )
      : tr(
          "Copied. Find “{words}” there, put the first line in its place, and the second at the end.",
          { words },
        )
  const open = async () => {
    await copy(written.join("\n\n"), told)
    if (edit) window.open(edit, "_blank", "noopener")
  }
  return [
    issue.length > MOST
      ? ""
      : externalLink(tr("Send it to {host}", { host: new URL(repository).hostname }), issue),
    button(edit ? tr("Copy the lines and open the editor") : tr("Copy the lines"), open),
    status,
  ]
}

const openForm = given => {
  const { startContainer, startOffset, endContainer, endOffset } = given.range
  const chosen = [startContainer, startOffset, endContainer, endOffset]
  const read = readParagraph(given)
  const { mark } = read
  const words = fold(mark ? saidIn(mark) : read.text.slice(read.from, read.to))
  const address = given.url.split("#")[1]
  const place = [given.speaker, element("a", { href: `#${address}` }, given.when)]
  const form = formOf(
    words,
    element("span", {}, place[0], place[0] ? ", " : "", place[1]),
    given.others,
    mark,
  )
  const result = element("section", { hidden: "" })
  const close = element("button", { type: "button", "aria-label": tr("Close") }, "×")
  const sheet = element(
    "dialog",
    { class: "sic-form", "aria-labelledby": "sic-form" },
    close,
    form,
    result,
  )
  const { said, how, source, reason } = form.elements
  const compose = () => {
    const change = mark
      ? findChangeOfMark(read, mark, said.value, given.findWords)
      : findChange(read, said.value, given.findWords)
    if (change.problem) return { ...change, field: "said" }
    const answers = { evidence: how.value, source: fold(source.value), reason: fold(reason.value) }
    const made = composeLines(change, answers, label => document.getElementById(`fn:${label}`))
    return { ...made, address: given.addressOf(change.node, change.offset) }
  }
  const show = event => {
    event.preventDefault()
    const made = compose()
    result.hidden = Boolean(made.problem)
    form.querySelector("[role=alert]").textContent = made.problem ?? ""
    if (made.problem) return (form.elements[made.field][0] ?? form.elements[made.field]).focus()
    result.replaceChildren(...preview(made), ...waysOut(made, given))
    result.firstChild.focus({ preventScroll: true })
    result.scrollIntoView()
  }
  form.addEventListener("submit", show)
  form.addEventListener("input", () => {
    source.closest("label").hidden = how.value !== "record"
    result.hidden = true
  })
  const away = () => sheet.close()
  close.addEventListener("click", away)
  place[1].addEventListener("click", away)
  given.signal.addEventListener("abort", away)
  sheet.addEventListener("close", () => {
    sheet.remove()
    if (given.owner) given.owner.focus({ preventScroll: true })
    else getSelection().setBaseAndExtent(...chosen)
  })
  document.body.append(sheet)
  sheet.showModal()
}

window.sicIndex("correcting", openForm)
