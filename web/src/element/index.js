// <playout-video src="https://videos.example.com/v/slug">: a frame with the player, as an element with
// methods, properties and events of its own. Other sites load this file, so it is small.
customElements.define(
  "playout-video",
  class extends HTMLElement {
    state = {};

    connectedCallback() {
      const address = new URL(this.getAttribute("src"), document.baseURI);
      address.pathname = address.pathname.replace(/(\/embed)?(\/[vs]\/[^/]+)\/?$/, "/embed$2");
      for (const name of ["autoplay", "muted", "start", "loop", "controls", "color"]) {
        if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name) || 1);
      }
      const frame = (this.frame = document.createElement("iframe"));
      frame.src = address;
      frame.title = this.title;
      frame.allow = "autoplay; fullscreen; picture-in-picture";
      frame.style.cssText = "width:100%;height:100%;border:0";
      this.style.display = "block";
      this.style.aspectRatio ||= "16/9";
      this.origin = address.origin;
      this.hear = ({ source, origin, data }) => {
        if (source !== frame.contentWindow || origin !== this.origin || data?.from !== "playout") return;
        this.state = data.state;
        const { width, height } = data.state;
        if (width && height) this.style.aspectRatio = `${width}/${height}`;
        this.dispatchEvent(new CustomEvent(data.event, { detail: data.state }));
      };
      addEventListener("message", this.hear);
      frame.onload = () => this.send("state");
      (this.shadowRoot ?? this.attachShadow({ mode: "open" })).replaceChildren(frame);
    }

    disconnectedCallback() {
      removeEventListener("message", this.hear);
    }

    send(command, value) {
      this.frame?.contentWindow?.postMessage({ to: "playout", command, value }, this.origin);
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
