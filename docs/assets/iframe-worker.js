/* The theme's search runs in a web worker, which browsers refuse to a page opened as a file. This
   replaces the worker by a frame of the same page. The theme looks for the name IFrameWorker; over
   HTTP this script does nothing. */
if (location.protocol === "file:") {
  class IFrameWorker extends EventTarget {
    constructor(url) {
      super()
      this.waiting = []
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      this.frame.title = "Search"
      document.body.append(this.frame)
      const inside = (this.inside = this.frame.contentWindow)
      /* Messages of the script inside arrive here, not at its own window: as from a worker, they
         are copies and asynchronous. */
      inside.postMessage = data => {
        const message = new MessageEvent("message", { data: structuredClone(data) })
        setTimeout(() => {
          this.dispatchEvent(message)
          this.onmessage?.(message)
        })
      }
      inside.importScripts = (...urls) =>
        urls.reduce((loaded, next) => loaded.then(() => this.load(next)), Promise.resolve())
      this.load(url).then(() => {
        this.ready = true
        this.waiting.splice(0).forEach(data => this.deliver(data))
      })
    }

    load(url) {
      return new Promise((resolve, reject) => {
        const script = this.frame.contentDocument.createElement("script")
        script.src = new URL(url, document.baseURI)
        script.onload = resolve
        script.onerror = () => reject(new Error(`cannot load ${script.src}`))
        this.frame.contentDocument.head.append(script)
      })
    }

    postMessage(data) {
      if (this.ready) this.deliver(data)
      else this.waiting.push(data)
    }

    deliver(data) {
      const { MessageEvent, structuredClone } = this.inside
      const message = new MessageEvent("message", { data: structuredClone(data) })
      setTimeout(() => this.inside.dispatchEvent(message))
    }

    terminate() {
      this.frame.remove()
    }
  }
  window.IFrameWorker = window.Worker = IFrameWorker
}
