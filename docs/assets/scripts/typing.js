export const modified = event => event.altKey || event.ctrlKey || event.metaKey || event.shiftKey

export const isTyping = target =>
  target.isContentEditable ||
  target.matches("input:not([type=radio], [type=checkbox]), textarea, select")
