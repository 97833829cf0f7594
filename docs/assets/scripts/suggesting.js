import { externalLink } from "./elements.js"

/* Servers refuse long addresses, so the words are cut. */
export const reports = ({ title, url, speaker, words }, label = "Suggest a correction") => {
  const repository = document.querySelector("a.md-source")?.href.replace(/\/$/, "")
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
