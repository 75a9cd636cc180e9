/** `<course-discussion>`: fetches the discussion from giscus when the reader asks for it, in the page's colours. */

class CourseDiscussion extends HTMLElement {
  connectedCallback(): void {
    this.hidden = false;
    this.querySelector("button")?.addEventListener("click", () => this.#open());
  }

  #open(): void {
    const { src = "", ...where } = this.dataset;
    const script = document.createElement("script");
    script.src = src;
    script.crossOrigin = "anonymous";
    const theme = document.documentElement.dataset["theme"] === "light" ? "light" : "dark";
    Object.assign(script.dataset, where, { mapping: "pathname", reactionsEnabled: "1", inputPosition: "top", theme });
    script.dataset["lang"] = "en";
    const place = document.createElement("div");
    place.className = "giscus";
    script.addEventListener("error", () => {
      place.remove();
      this.append("The discussion could not be fetched. Are you offline?");
    });
    this.replaceChildren(place, script);
  }
}

customElements.define("course-discussion", CourseDiscussion);
