/* Two ways to report a wrong word: the form of the page, and the form of the repository's host. */

import { PARAGRAPHS, parseAddress } from "./addresses.js"
import { clock } from "./clock.js"
import { button } from "./controls.js"
import { externalLink } from "./links.js"
import { page } from "./page.js"
import { nameLine } from "./lines.js"
import { tr } from "./texts.js"
import { addressOf, findWords, piecesOf } from "./words.js"

const repositoryOf = () => document.querySelector("a.md-source")?.href.replace(/\/$/, "")

/* Servers refuse long addresses, so the words are cut. */
const reports = ({ title, url, speaker, words }, label) => {
  const repository = repositoryOf()
  if (!repository) return []
  const form = new URLSearchParams({
    template: "correction.yml",
    transcript: title,
    place: url,
    speaker,
    words,
  })
  const report = () => `${repository}/issues/new?${form}`
  for (let left = words.slice(0, 6000); left && report().length > 6000;) {
    const blank = left.lastIndexOf(" ", left.length - 60)
    left = left.slice(0, blank > 0 ? blank : -60)
    form.set("words", `${left} …`)
  }
  return [externalLink(label, report())]
}

/* Opens the form of the page, whose script is loaded then; `owner` gets the focus afterwards. A
   `mark` is a correction that is wrong itself. */
export const suggests = (quoted, owner, label = tr("Suggest a correction"), mark = undefined) => {
  try {
    findWords("")
  } catch {
    return reports(quoted, label)
  }
  if (typeof window.sicIndex !== "function") return reports(quoted, label)
  const open = async () => {
    const { read } = window.sicIndex
    const [make] = await Promise.all([
      read("correcting", "assets/correcting.js"),
      read("style", "assets/correcting.css"),
    ])
    const others = reports(quoted, tr("Describe it in your own words instead"))
    const { startContainer: begin } = quoted.range
    const paragraph = (begin.closest ? begin : begin.parentElement).closest(PARAGRAPHS)
    const at = parseAddress(quoted.url.split("#")[1])
    const when = at.unit === "second" ? tr("at {time}", { time: clock(at.number) }) : nameLine(at)
    const given = { ...quoted, owner, mark, others, paragraph, when }
    const tools = { addressOf, findWords, piecesOf }
    make({ ...given, ...tools, repository: repositoryOf(), signal: page.signal })
  }
  return [button(label, open)]
}
