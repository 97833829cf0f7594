export const element = (name, attributes, ...children) => {
  const made = document.createElement(name)
  for (const key in attributes) made.setAttribute(key, attributes[key])
  made.append(...children)
  return made
}

export const field = label =>
  element("input", { type: "text", placeholder: label, "aria-label": label, autocomplete: "off" })
