import { element } from "./elements.js"

export const externalLink = (label, href) =>
  element("a", { href, target: "_blank", rel: "noopener" }, label)
