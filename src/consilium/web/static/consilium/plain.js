// When a request by htmx fails, send the same form as a browser would: the reader then sees the page that says why.
for (const failure of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(failure, (event) => event.target.closest("form[hx-post]")?.submit());
}
