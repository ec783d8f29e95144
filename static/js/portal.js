// Focus goes where the news is: to an error summary, else to the status line. Nothing here is needed to use a page.
(function () {
  "use strict";
  function tell(root) {
    var target = root.querySelector(".errsum") || root.querySelector("[role=status] .note");
    if (!target) return;
    if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
    target.focus({ preventScroll: false });
  }
  document.addEventListener("DOMContentLoaded", function () {
    tell(document);
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    tell(event.detail.elt.parentNode || document);
  });
  // A second click on the same button sends nothing twice.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) event.preventDefault();
    else if (form.method === "post") form.dataset.sent = "1";
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    delete event.detail.elt.dataset.sent;
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });
})();
