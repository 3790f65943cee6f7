// <playout-video src="https://videos.example.com/v/slug">: a frame with the player, as an element with
// methods, properties and events of its own. Other sites load this file, so it is small.
const OPTIONS = ["autoplay", "muted", "start", "loop", "controls", "color"];

customElements.define(
  "playout-video",
  class extends HTMLElement {
    static observedAttributes = ["src", ...OPTIONS];
    state = {};

    connectedCallback() {
      this.root ??= this.attachShadow({ mode: "open" });
      this.style.display ||= "block";
      this.style.aspectRatio ||= "16/9";
      addEventListener("message", this.hear);
      this.load();
    }

    disconnectedCallback() {
      removeEventListener("message", this.hear);
      this.load(null);
    }

    attributeChangedCallback(name, before, now) {
      if (this.frame !== undefined && before !== now) this.load();
    }

    // Without an address of a page, or of any other kind, there is no frame.
    load(src = this.getAttribute("src")) {
      this.state = {};
      this.waiting = [["state"]];
      const address = src && new URL(src, document.baseURI);
      const frame = /^https?:/.test(address) ? document.createElement("iframe") : null;
      this.root.replaceChildren(...((this.frame = frame) ? [frame] : []));
      if (!frame) return;
      address.pathname = address.pathname.replace(/(\/embed)?(\/[vs]\/[^/]+)\/?$/, "/embed$2");
      for (const name of OPTIONS) {
        if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name) || 1);
      }
      this.origin = address.origin;
      frame.title = this.title || "Video";
      frame.allow = "autoplay; fullscreen; picture-in-picture";
      frame.style.cssText = "width:100%;height:100%;border:0";
      frame.onload = () => {
        const waiting = this.waiting ?? [];
        this.waiting = null;
        for (const each of waiting) this.send(...each);
      };
      frame.src = address;
    }

    hear = ({ source, origin, data }) => {
      if (source !== this.frame?.contentWindow || origin !== this.origin || data?.from !== "playout") return;
      this.state = data.state;
      const { width, height } = data.state;
      if (width && height) this.style.aspectRatio = `${width}/${height}`;
      this.dispatchEvent(new CustomEvent(data.event, { detail: data.state }));
    };

    // What is asked before the player is there is done when it is.
    send(command, value) {
      if (this.waiting) this.waiting.push([command, value]);
      else this.frame?.contentWindow.postMessage({ to: "playout", command, value }, this.origin);
    }

    play = () => this.send("play");
    pause = () => this.send("pause");
    get paused() { return this.state.paused ?? true; }
    get duration() { return this.state.duration; }
    get currentTime() { return this.state.currentTime ?? 0; }
    set currentTime(seconds) { this.send("seek", seconds); }
    get muted() { return this.state.muted ?? false; }
    set muted(muted) { this.send("mute", muted); }
  },
);
