import { externalLink } from "./elements.js"

/* Servers refuse long addresses, so the words are cut. */
export const reports = ({ title, url, speaker, words }) => {
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
  for (let kept = words.slice(0, 6000); kept && report().length > 6000;) {
    const blank = kept.lastIndexOf(" ", kept.length - 60)
    kept = kept.slice(0, blank > 0 ? blank : -60)
    form.set("words", `${kept} …`)
  }
  return [externalLink("Suggest a correction", report())]
}
