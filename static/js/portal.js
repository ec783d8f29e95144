// Focus goes where the news is, and nothing is sent twice. Every page can be used without this.
(function () {
  "use strict";
  var NEWS = ".errsum, [role=status] .note";

  function focusOn(element) {
    if (!element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
    element.focus();
  }

  // After loading: the error summary, else what was just done.
  document.addEventListener("DOMContentLoaded", function () {
    var news = document.querySelector(".errsum") || document.querySelector(NEWS);
    if (news) focusOn(news);
  });

  // After a swap the focused control may be gone: then to the news in the new part, to its status line, or to
  // the part itself. A part that renews itself while one works elsewhere takes no focus.
  var heldFocus = false;
  document.addEventListener("htmx:beforeSwap", function (event) {
    heldFocus = event.detail.target.contains(document.activeElement);
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    var part = event.detail.elt;
    var news = part.querySelector(NEWS);
    var lost = heldFocus && (document.activeElement === document.body || !document.activeElement);
    if (news && heldFocus) focusOn(news);
    else if (lost) focusOn(part.querySelector("[role=status]") || part);
    heldFocus = false;
  });

  // A passkey that was refused, or took too long: said on the page, in its language.
  document.addEventListener("allauth.error", function (event) {
    var words = document.getElementById("passkey-error");
    if (!words) return;
    event.preventDefault();
    words.hidden = false;
  });

  // A second click within three seconds sends nothing; later ones do, since a form may also return a file.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") return;
    if (Date.now() - Number(form.dataset.sentAt || 0) < 3000) event.preventDefault();
    else form.dataset.sentAt = String(Date.now());
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    delete event.detail.elt.dataset.sentAt;
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent-at]").forEach(function (form) {
      delete form.dataset.sentAt;
    });
  });
})();
